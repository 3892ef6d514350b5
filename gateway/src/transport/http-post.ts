import type { Dispatcher } from 'undici';
import type { Cancellation } from './cancellation.ts';
import { decode } from './http1/response-body.ts';

/** A request with a body. */
export interface HttpPost {
  /** `http://host:port` */
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Milliseconds until the whole answer has to be there. */
  timeout: number;
  /** Ends the request early; null for one that nothing ends before its time. */
  cancelled: Cancellation | null;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  statusCode: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, decoded from UTF-8. */
  text: string;
}

/** Sends a request to one server, and reads the answer. */
export type Post = (request: HttpPost) => Promise<HttpAnswer>;

/** The answer was not there in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Sends a request and reads the answer.
 *
 * This is the way for what `ConnectionPool` does not do. It uses undici's dispatcher as it is: streams, and signals
 * made for each request, would cost more than the rest of a fetch.
 *
 * @throws TimeoutError, the reason of `cancelled`, or undici's error when the connection could not be made or broke
 */
export function postByUndici(
  dispatcher: Dispatcher,
  { origin, path, headers: sent, body, timeout, cancelled }: HttpPost,
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
    const cancel = () => {
      if (cancelled) fail(cancelled.reason);
    };
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
    let headers: HttpAnswer['headers'] = {};
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { origin, path, headers: sent, body, method: 'POST' },
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
          resolve({ statusCode, headers, text: decode(Buffer.concat(chunks)) });
        },
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}
