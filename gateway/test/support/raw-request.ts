import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** A request to a GraphQL endpoint. */
export interface RawRequest {
  /** @default POST with a body, else GET */
  method?: string;
  /** Parameters of the URL; what is no text is sent as JSON. A text is the whole of them, as it is. */
  search?: string | Record<string, unknown>;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer as it came: nothing is decoded. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** The body without its encoding. */
  text: string;
}

/** What Apollo Server wants on a GET. */
export const PREFLIGHT = { 'apollo-require-preflight': '1' };

/** Sends a request as it is, without the headers that `fetch` adds, on a connection of its own. */
export async function sendRaw(
  endpoint: string,
  { body, search, method = body === undefined ? 'GET' : 'POST', headers = {} }: RawRequest,
): Promise<RawAnswer> {
  const url = new URL(endpoint);
  if (typeof search === 'string') url.search = search;
  for (const [name, value] of Object.entries(typeof search === 'object' ? search : {})) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(url, {
      agent: false,
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    sent.once('response', resolve).once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const bytes = await buffer(message);
  return { status: message.statusCode ?? 0, headers: message.headers, bytes, text: textOf(message, bytes) };
}

function textOf({ headers }: IncomingMessage, bytes: Buffer): string {
  if (bytes.length === 0) return '';
  const encoding = headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(bytes).toString();
  return (encoding === 'br' ? brotliDecompressSync(bytes) : bytes).toString();
}
