import type { Worker } from 'node:worker_threads';
import { type PlanReply, type PlanRequest, READY, type WorkerInput } from './messages.ts';
import { startThread } from './start-thread.ts';

/** The thread has ended by itself: out of memory, or by a fault. What it was asked for may be asked of another. */
export class ThreadGoneError extends Error {
  override readonly name = 'ThreadGoneError';
}

/** Planning took longer than it may. The thread was ended, as nothing else stops a planner. */
export class PlanningTimeoutError extends Error {
  override readonly name = 'PlanningTimeoutError';
}

type Settle = { resolve(message: unknown): void; reject(error: Error): void };

/** A thread that plans operations of one supergraph, one at a time. */
export class PlanningThread {
  /** Resolves when its supergraph is loaded. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #waiting: Settle | undefined;
  #end: Error | undefined;

  /** @param program - what runs in the thread */
  constructor(program: URL, input: WorkerInput) {
    this.#worker = startThread(program, { workerData: input });
    // A gateway that is to end does not go on for it.
    this.#worker.unref();
    this.#worker.on('message', (message) => this.#settle(({ resolve }) => resolve(message)));
    this.#worker.on('error', (cause) => this.#fail(new ThreadGoneError(cause.message, { cause })));
    this.#worker.on('messageerror', (cause) => this.#fail(new ThreadGoneError(cause.message, { cause })));
    this.#worker.on('exit', (code) => this.#fail(new ThreadGoneError(`the thread ended with code ${code}`)));
    this.ready = this.#receive().then((message) => {
      if (message !== READY) throw new ThreadGoneError('the thread did not say that it is ready');
    });
    // Who waits for it is told.
    this.ready.catch(() => undefined);
  }

  /** Whether it plans no more. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Plans an operation.
   *
   * @param limit - milliseconds that planning may take
   * @throws ThreadGoneError, or PlanningTimeoutError
   */
  async plan(request: PlanRequest, limit: number): Promise<PlanReply> {
    await this.ready;
    const timer = setTimeout(() => {
      this.#fail(new PlanningTimeoutError(`planning took more than ${limit} ms`));
      void this.#worker.terminate();
    }, limit);
    try {
      const reply = this.#receive();
      this.#worker.postMessage(request);
      return (await reply) as PlanReply;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread; what it does is not waited for. */
  async end(): Promise<void> {
    this.#fail(new ThreadGoneError('the thread was ended'));
    await this.#worker.terminate();
  }

  #receive(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#end) reject(this.#end);
      else this.#waiting = { resolve, reject };
    });
  }

  #settle(how: (waiting: Settle) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) how(waiting);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    this.#settle(({ reject }) => reject(error));
  }
}
