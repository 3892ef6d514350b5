import type { IncomingMessage } from 'node:http';
import { GRAPHQL_PATH } from '../graphql-path.ts';

/** Longer bodies are not looked for; hardly any is sent again. */
const LONGEST_BODY = 100_000; // bytes

/** Headers that a request is never answered at once with: they say who is asking, or want more than an answer. */
const UNUSUAL = [
  'authorization',
  'if-none-match',
  'expect',
  'transfer-encoding',
  'content-encoding',
  'upgrade',
];

/**
 * Headers that make no difference to what is answered, unless they are handed on: nothing in the gateway reads them, or
 * it is done for each request anew.
 */
const INDIFFERENT = new Set([
  ...[
    'accept-language',
    'cache-control',
    'connection',
    'content-length',
    'cookie',
    'date',
    'dnt',
    'forwarded',
  ],
  ...['host', 'keep-alive', 'origin', 'pragma', 'priority', 'referer', 'te', 'traceparent', 'tracestate'],
  ...['upgrade-insecure-requests', 'user-agent', 'via', 'x-forwarded-for', 'x-forwarded-host'],
  ...['x-forwarded-port', 'x-forwarded-proto', 'x-real-ip', 'x-request-id'],
]);

/** Reads requests as texts: those with equal ones ask for the same. */
export interface RequestTexts {
  /** Whether a request can be answered at once at all. */
  isCandidate(request: IncomingMessage): boolean;
  /** @param body - all of it; null for a GET */
  of(request: IncomingMessage, body: Buffer | null): string;
}

/**
 * @param excluding - lower-case names of more headers that a request must not have
 * @param distinguishing - lower-case names of headers that make a difference here
 */
export function createRequestTexts({
  excluding,
  distinguishing,
}: {
  excluding: readonly string[];
  distinguishing: readonly string[];
}): RequestTexts {
  const unusual = [...UNUSUAL, ...excluding];
  const indifferent = new Set([...INDIFFERENT].filter((name) => !distinguishing.includes(name)));
  return {
    isCandidate({ method, url = '', headers }) {
      if (method === 'POST') {
        const length = Number(headers['content-length']);
        if (url !== GRAPHQL_PATH || !(length > 0 && length <= LONGEST_BODY)) return false;
      } else if (method !== 'GET' || !url.startsWith(`${GRAPHQL_PATH}?`)) return false;
      return unusual.every((name) => headers[name] === undefined);
    },
    of({ url = '', headers }, body) {
      let text = body ? '' : `${url}\n`;
      for (const name in headers) {
        if (!indifferent.has(name) && !name.startsWith('sec-')) text += `${name}: ${headers[name]}\n`;
      }
      // A character for each byte, so that different bytes are different texts.
      return body ? `${text}\n${body.toString('latin1')}` : text;
    },
  };
}
