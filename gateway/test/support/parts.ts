import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { meros } from 'meros/node';

/** What clients that take deferred parts send, as Apollo Client does. */
export const ACCEPT_PARTS = 'multipart/mixed;deferSpec=20220824,application/json';

/** A payload of an answer in parts. */
export interface Payload {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
  incremental?: (Omit<Payload, 'incremental' | 'hasNext'> & { path: (string | number)[]; label?: string })[];
  hasNext: boolean;
}

/** An answer whose parts can be read one by one. */
export interface PartedAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** The next payload; undefined after the last. */
  next(): Promise<Payload | undefined>;
  /** All payloads that have not been read. */
  rest(): Promise<Payload[]>;
  /** Goes away. */
  abort(): void;
}

/** A request of a client that takes deferred parts. */
export interface PartedRequest {
  /** With it, the request is a POST. */
  body?: object;
  /** Of a GET. */
  search?: Record<string, string>;
  headers?: Record<string, string>;
}

/** Sends a request; it resolves with the head of the answer. */
export async function askInParts(endpoint: string, request: PartedRequest): Promise<PartedAnswer> {
  const message = await send(endpoint, request);
  const decoded = decode(message);
  const answer = await meros<Payload>(decoded);
  const parts = isParted(answer) ? answer : single(await text(decoded));
  const next = async () => {
    const { value, done } = await parts.next();
    if (done) return undefined;
    if (!value.json) throw new Error(`a part is not JSON: ${value.body}`);
    return value.body as Payload;
  };
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    next,
    async rest() {
      const payloads: Payload[] = [];
      for (let payload = await next(); payload; payload = await next()) payloads.push(payload);
      return payloads;
    },
    abort: () => message.destroy(),
  };
}

const send = (
  endpoint: string,
  { body, search = {}, headers = {} }: PartedRequest,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(search)) url.searchParams.set(name, value);
    const sent = httpRequest(url, {
      agent: false,
      method: body ? 'POST' : 'GET',
      headers: { accept: ACCEPT_PARTS, ...(body && { 'content-type': 'application/json' }), ...headers },
    });
    sent.once('response', resolve).once('error', reject);
    sent.end(body && JSON.stringify(body));
  });

/** The answer without its encoding. */
function decode(message: IncomingMessage): IncomingMessage {
  const encoding = message.headers['content-encoding'];
  if (encoding === undefined) return message;
  const decoder = encoding === 'br' ? createBrotliDecompress() : createGunzip();
  // Who goes away before the end has been told; the decoder only misses the rest.
  pipeline(message, decoder, () => undefined);
  return Object.assign(decoder, { headers: message.headers }) as unknown as IncomingMessage;
}

type Parts = AsyncGenerator<{ json: boolean; body: unknown }>;

const isParted = (answer: unknown): answer is Parts =>
  typeof answer === 'object' && !!answer && 'next' in answer;

async function* single(body: string): Parts {
  yield { json: true, body: JSON.parse(body) };
}

/** Puts the parts of an answer together. */
export function mergeParts(payloads: readonly Payload[]): Record<string, unknown> | null {
  const [{ data = null } = { data: null }, ...others] = payloads;
  for (const { incremental = [] } of others) {
    for (const part of incremental) {
      const target = part.path.reduce<unknown>(
        (value, key) => (value as Record<string | number, unknown>)[key],
        data,
      );
      if (part.data) mergeInto(target as Record<string, unknown>, part.data);
    }
  }
  return data;
}

function mergeInto(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(source)) {
    const known = target[key];
    if (isContainer(known) && isContainer(value)) mergeInto(known, value);
    else target[key] = value;
  }
}

/** An object or a list. */
const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
