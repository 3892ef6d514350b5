/** Operation codes of frames (RFC 6455, section 5.2). */
export const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;

const FIN = 0x80;
const MASKED = 0x80;

/** A frame of a client's. Its masking key is zeros, which change nothing. @param payload - below 64 kB */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const sizes = length < 126 ? [MASKED | length] : [MASKED | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([FIN | opcode, ...sizes, 0, 0, 0, 0]), payload]);
}

/**
 * Makes a reader of a server's frames, which may come in pieces.
 *
 * @param onFrame - the payload is only good until it returns
 * @returns what takes the pieces; what it is given is not kept. It throws an Error for a frame of a larger message,
 *   which servers that do not compress do not send
 */
export function createFrameReader(onFrame: (opcode: number, payload: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  return (piece: Buffer): void => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    for (;;) {
      const frame = frameAt(bytes);
      if (!frame) break;
      onFrame(frame.opcode, bytes.subarray(frame.start, frame.end));
      bytes = bytes.subarray(frame.end);
    }
    rest = Buffer.from(bytes);
  };
}

/** The first frame, if all of it is there. */
function frameAt(bytes: Buffer): { opcode: number; start: number; end: number } | null {
  if (bytes.length < 2) return null;
  const [first = 0, short = 0] = bytes;
  if ((first & FIN) === 0) throw new Error('the server sent a message in several frames');
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return bytes.length < start + length ? null : { opcode: first & 0x0f, start, end: start + length };
}
