/** The start of a response: its status line and headers (RFC 9112, sections 4 and 5). */
export interface ResponseHead {
  statusCode: number;
  /** By lower-case name; several headers of one name are joined, but for `set-cookie`. */
  headers: ResponseHeaders;
  /** Whether the connection may be used again when the response has been read. */
  isPersistent: boolean;
}

/** The headers of a response. It inherits nothing: `__proto__` is a name like any other. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** Bytes that are no HTTP/1.1 response, or one that could be read in two ways. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;
const FIELD_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Reads the head of a response.
 *
 * @param text - up to the empty line, without it
 * @throws MalformedResponseError
 */
export function parseResponseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const [, minor, status] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw new MalformedResponseError('the status line is wrong');
  const headers = parseHeaders(lines);
  const connection = String(headers.connection ?? '').toLowerCase();
  return {
    statusCode: Number(status),
    headers,
    isPersistent: minor === '1' ? !connection.includes('close') : connection.includes('keep-alive'),
  };
}

function parseHeaders(lines: readonly string[]): ResponseHeaders {
  const headers: ResponseHeaders = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    // A line that begins with a blank would belong to the one before, which is obsolete and used for attacks.
    if (colon === -1 || !FIELD_NAME.test(name)) throw new MalformedResponseError('a header is wrong');
    const value = line.slice(colon + 1).trim();
    const known = headers[name];
    if (name === 'set-cookie') headers[name] = Array.isArray(known) ? [...known, value] : [value];
    else headers[name] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}
