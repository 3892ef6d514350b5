import { type Dispatcher, errors } from 'undici';

/**
 * What HTTP/2 needs beside undici.
 *
 * undici sends a POST on a connection of its own, unless it is called idempotent; then it may send it again by itself
 * after a connection broke, which is not its to decide: of a mutation nobody knows whether it was done. It also counts
 * no bytes of answers.
 *
 * @param answerLimit - most bytes of an answer's body as they come
 */
export const multiplexed =
  (answerLimit: number): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch({ ...options, idempotent: true }, new SentOnce(handler, answerLimit));

class SentOnce implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #answerLimit: number;
  #isSent = false;
  #bytes = 0;

  constructor(handler: Dispatcher.DispatchHandler, answerLimit: number) {
    this.#handler = handler;
    this.#answerLimit = answerLimit;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    if (this.#isSent) {
      controller.abort(new errors.SocketError('the connection broke before there was an answer'));
      return;
    }
    this.#isSent = true;
    this.#handler.onRequestStart?.(controller, context);
  }

  onResponseStart(...[controller, status, headers, message]: Arguments<'onResponseStart'>): void {
    this.#handler.onResponseStart?.(controller, status, headers, message);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#answerLimit) controller.abort(new errors.ResponseExceededMaxSizeError());
    else this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...[controller, trailers]: Arguments<'onResponseEnd'>): void {
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(...[controller, error]: Arguments<'onResponseError'>): void {
    this.#handler.onResponseError?.(controller, error);
  }
}

type Arguments<Name extends keyof Dispatcher.DispatchHandler> = Parameters<
  NonNullable<Dispatcher.DispatchHandler[Name]>
>;
