import type { CacheState } from '@tributary/explorer';
import type { HttpAnswer, Post } from './http-post.ts';

/** What the way to a subgraph notes of one request, when somebody wants to know. */
export interface HttpTrace {
  /** How many times it was sent. */
  attempts: number;
  /** Bytes of the request's body; null while nothing was sent. */
  bytesOut: number | null;
  /** Bytes of the answer's body, decoded; null while there is none. */
  bytesIn: number | null;
  status: number | null;
  /** Where the answer came from. */
  cache: CacheState;
}

/** A `post` that notes what is sent, and what comes back. */
export const tracedPost =
  (trace: HttpTrace, post: Post): Post =>
  async (request) => {
    trace.attempts += 1;
    trace.bytesOut = Buffer.byteLength(request.body);
    const answer = await post(request);
    trace.status = answer.statusCode;
    trace.bytesIn = Buffer.byteLength(answer.text);
    return answer;
  };

/** Notes an answer to an equal request that was under way. */
export function noteShared(trace: HttpTrace, { statusCode, text }: HttpAnswer): void {
  trace.cache = 'shared';
  trace.status = statusCode;
  trace.bytesIn = Buffer.byteLength(text);
}
