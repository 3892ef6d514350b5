import { describe, expect, it } from '@jest/globals';
import { createMessageReader } from '../src/harness/http/message-reader.ts';

const REQUEST = 'POST / HTTP/1.1\r\nhost: a\r\nContent-Length: 4\r\n\r\n{"é"';
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n';
const EMPTY = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

/** Gives the text to a reader in pieces. */
function read(text: string, size: number) {
  const messages: { line: string; body: string }[] = [];
  const take = createMessageReader(({ head, body }) =>
    messages.push({ line: head.split('\r\n')[0] ?? '', body: body.toString('latin1') }),
  );
  const bytes = Buffer.from(text, 'latin1');
  for (let place = 0; place < bytes.length; place += size) take(bytes.subarray(place, place + size));
  return messages;
}

describe('the message reader', () => {
  it.each([1, 7, 1_000])('reads messages that come in pieces of %i bytes', (size) => {
    expect(read(REQUEST + CHUNKED + EMPTY + REQUEST, size)).toEqual([
      { line: 'POST / HTTP/1.1', body: '{"é"' },
      { line: 'HTTP/1.1 200 OK', body: 'abc0123456789' },
      { line: 'GET / HTTP/1.1', body: '' },
      { line: 'POST / HTTP/1.1', body: '{"é"' },
    ]);
  });

  it('waits for the rest', () => {
    expect(read(REQUEST.slice(0, -1), 1_000)).toEqual([]);
    expect(read(CHUNKED.slice(0, -1), 1_000)).toEqual([]);
  });

  it.each(['HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'])(
    'refuses %j',
    (text) => {
      expect(() => read(text, 1_000)).toThrow(/without a/);
    },
  );
});
