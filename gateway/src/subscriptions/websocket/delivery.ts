import type { GraphQLFormattedError } from 'graphql';
import type { Listener, Stop } from '../listener.ts';
import type { ResultText } from '../result-text.ts';
import { textFrame } from './text-frame.ts';

/** Why an operation ended, as the client is told. */
export class OperationErrors extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('the operation ended with errors');
    this.errors = errors;
  }
}

/**
 * One operation on a WebSocket, as the protocol's library takes it: an iterator, which gives nothing. Its results are
 * written to the socket directly, so that their text can be shared; the library is told of the end only.
 */
export class Delivery implements AsyncGenerator<never, void> {
  readonly #start: (listener: Listener) => Stop;
  readonly #send: (frame: Buffer) => void;
  readonly #head: Buffer;
  #stop: Stop | undefined;
  #end: (result: IteratorResult<never, void> | Promise<never>) => void = () => undefined;

  /**
   * @param id - of the operation on its connection
   * @param start - starts the operation
   * @param send - sends a message, given as a frame
   */
  constructor(id: string, start: (listener: Listener) => Stop, send: (frame: Buffer) => void) {
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.#start = start;
    this.#send = send;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Called once; it starts the operation, and comes back at its end. */
  next(): Promise<IteratorResult<never, void>> {
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#stop = this.#start({
        next: (result: ResultText) => this.#send(textFrame(this.#head, result.messageEnd)),
        end: (errors) => resolve(errors ? Promise.reject(new OperationErrors(errors)) : DONE),
      });
    });
  }

  async return(): Promise<IteratorResult<never, void>> {
    this.#stop?.();
    this.#end(DONE);
    return DONE;
  }

  async throw(): Promise<IteratorResult<never, void>> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

const DONE: IteratorResult<never, void> = { done: true, value: undefined };
