const TEXT = 0x81; // one whole message (RFC 6455, section 5.2)

/**
 * A text message as the frame that a server sends, in one piece of memory, and so by one plain write. The library writes
 * a header and a message, which costs the more the shorter the message is.
 *
 * @param start - of the message, UTF-8
 * @param end - the rest of it
 */
export function textFrame(start: Buffer, end: Buffer): Buffer {
  const length = start.length + end.length;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUIntBE(0, 2, 2);
    frame.writeUIntBE(length, 4, 6);
  }
  start.copy(frame, header);
  end.copy(frame, header + start.length);
  return frame;
}
