import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** A request with a body. */
export interface HttpPost {
  /** `http://host:port` */
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Milliseconds until the whole answer has to be there. */
  timeout: number;
  /** Ends the request early; null for one that has to run to its end. */
  cancelled: AbortSignal | null;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  /** The body, decoded from UTF-8. */
  text: string;
}

/** The answer was not there in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Sends a request and reads the answer.
 *
 * It uses undici's dispatcher as it is: streams, and signals made for each request, would cost more than the rest of a
 * fetch.
 *
 * @throws TimeoutError, the reason of `cancelled`, or undici's error when the connection could not be made or broke
 */
export function post(
  dispatcher: Dispatcher,
  { timeout, cancelled, ...request }: HttpPost,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let failure: Error | undefined;
    const fail = (error: Error) => {
      if (failure) return;
      failure = error;
      settle();
      controller?.abort(error);
      reject(error);
    };
    const cancel = () => fail(cancelled?.reason);
    const timer = setTimeout(() => fail(new TimeoutError(`no answer within ${timeout} ms`)), timeout);
    const settle = () => {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', cancel);
    };
    if (cancelled?.aborted) {
      cancel();
      return;
    }
    cancelled?.addEventListener('abort', cancel);

    let statusCode = 0;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { ...request, method: 'POST' },
      {
        onRequestStart(started) {
          controller = started;
          // It may have waited for a connection until it was not wanted any more.
          if (failure) started.abort(failure);
        },
        onResponseStart(_, status, received) {
          statusCode = status;
          headers = received;
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          settle();
          resolve({ statusCode, headers, text: decode(chunks) });
        },
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}

/** A byte order mark is no part of a text (RFC 8259, section 8.1). */
function decode(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  const text = (chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
