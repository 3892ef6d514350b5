const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** An HTTP/1.1 message: a request or a response (RFC 9112). */
export interface Message {
  /** The start line and the header fields. */
  head: string;
  body: Buffer;
}

/**
 * Reads messages from a connection, one after the other: with a length, or chunked. Made for measuring, where the
 * parser of `node:http` and its streams would cost more than many a server that is measured.
 *
 * @param onMessage - called for each whole message
 * @returns what takes the connection's data; throws Error for what it cannot read
 */
export function createMessageReader(onMessage: (message: Message) => void): (data: Buffer) => void {
  let pending: Buffer[] = [];
  let size = 0;
  let wanted = 0; // bytes without which there is no whole message
  return (data) => {
    pending.push(data);
    size += data.length;
    if (size < wanted) return;
    let bytes = pending.length === 1 ? data : Buffer.concat(pending, size);
    for (;;) {
      const found = readMessage(bytes);
      wanted = found.end;
      if (!found.message) break;
      bytes = bytes.subarray(found.end);
      onMessage(found.message);
    }
    pending = bytes.length > 0 ? [bytes] : [];
    size = bytes.length;
  };
}

/** A message, and where it ends; or how many bytes there must at least be for one. */
interface Found {
  message?: Message;
  end: number;
}

function readMessage(bytes: Buffer): Found {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return { end: bytes.length + 1 };
  const head = bytes.toString('latin1', 0, headEnd);
  const start = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length < end ? { end } : { message: { head, body: bytes.subarray(start, end) }, end };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunked(head, bytes, start);
  // Without either, a request has no body, and a response lasts until its connection ends.
  if (head.startsWith('HTTP/')) throw new Error(`a response without a length: ${head}`);
  return { message: { head, body: NOTHING }, end: start };
}

function readChunked(head: string, bytes: Buffer, start: number): Found {
  const chunks: Buffer[] = [];
  for (let place = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', place);
    if (lineEnd === -1) return { end: bytes.length + 1 };
    const size = Number.parseInt(bytes.toString('latin1', place, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    const end = lineEnd + 2 + size + 2; // both lines' ends; nobody sends trailers here
    if (bytes.length < end) return { end };
    if (size === 0) return { message: { head, body: Buffer.concat(chunks) }, end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    place = end;
  }
}
