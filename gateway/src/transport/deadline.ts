import { performance } from 'node:perf_hooks';
import { Canceller, type Expiry } from './cancellation.ts';

/** The client's own deadline has passed: it does not wait for more than what is there. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor() {
    super('the deadline of the request has passed');
  }
}

/** A point in time after which nobody waits. */
class Deadline extends Canceller implements Expiry {
  readonly at: number;
  readonly #timer: NodeJS.Timeout;

  /** @param milliseconds - until then */
  constructor(milliseconds: number) {
    super('');
    this.at = performance.now() + milliseconds;
    this.#timer = setTimeout(() => this.cancel(), milliseconds);
  }

  override get reason(): Error {
    return new DeadlineError();
  }

  /** It does not matter any more. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** Cancels requests at a deadline, if nothing has done so before. */
export class DeadlineCanceller extends Canceller {
  readonly expiry: Expiry;
  readonly #deadline: Deadline;

  /**
   * @param message - of the error that requests fail with that are cancelled before
   * @param milliseconds - until the deadline
   */
  constructor(message: string, milliseconds: number) {
    super(message);
    this.#deadline = new Deadline(milliseconds);
    this.expiry = this.#deadline;
    this.expiry.addEventListener('abort', () => super.cancel());
  }

  override get reason(): Error {
    return this.#deadline.aborted ? this.#deadline.reason : super.reason;
  }

  override cancel(): void {
    this.end();
    super.cancel();
  }

  /** All is answered: nothing is to be cancelled any more. */
  end(): void {
    this.#deadline.clear();
  }
}
