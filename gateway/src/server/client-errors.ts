import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, type RefusalDetails, statusOf } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';

/** By the codes of Node's parser; what is not here is no HTTP. */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Answers what cannot be read as a request, in the shape of any other error, and ends the connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code = REFUSALS[error.code ?? ''];
  if (socket.writable) {
    socket.write(
      code ? rawAnswer(code) : rawAnswer('BAD_REQUEST', { message: 'This is not an HTTP request.' }),
    );
  }
  socket.destroy(error);
}

/** A whole answer of an error, for where there is nothing but a socket. */
export function rawAnswer(
  code: ErrorCode,
  { headers = {}, ...details }: Pick<RefusalDetails, 'message' | 'headers'> = {},
): string {
  const status = statusOf(code);
  const body = JSON.stringify(errorBody(code, details));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
