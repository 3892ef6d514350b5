import { type Cancellation, Canceller, type Expiry } from '../cancellation.ts';

/** One who waits for the answer to a fetch. */
interface Waiter<T> {
  resolve(answer: T): void;
  reject(error: unknown): void;
  /** Aborted when this one goes. */
  leaving: Cancellation;
  leave(): void;
}

/**
 * A fetch that is under way, and who waits for its answer. It is what cancels its own
 * request, when the last of them has gone.
 */
export class Flight<T> extends Canceller {
  readonly body: string;
  // A list, as one waiter is the rule, and a set for each fetch would be felt.
  #waiters: Waiter<T>[] = [];
  readonly #forget: () => void;

  /**
   * @param body - what was sent
   * @param forget - called once, when nobody can join any more
   * @param ownExpiry - what the subgraph was told of how long it has: it ends the fetch for all who wait
   */
  constructor(body: string, forget: () => void, ownExpiry: Expiry | undefined) {
    super('nobody waits for the answer any more');
    this.body = body;
    this.#forget = forget;
    if (!ownExpiry) return;
    const expire = () => {
      this.#settle(({ reject }) => reject(ownExpiry.reason));
      this.cancel();
    };
    ownExpiry.addEventListener('abort', expire);
    this.#forget = () => {
      ownExpiry.removeEventListener('abort', expire);
      forget();
    };
  }

  /** Deals out the answer, or the failure. */
  follow(answer: Promise<T>): void {
    answer.then(
      (value) => this.#settle(({ resolve }) => resolve(value)),
      (error: unknown) => this.#settle(({ reject }) => reject(error)),
    );
  }

  /**
   * Waits for the answer.
   *
   * @throws what the fetch failed with, the same error for all, or the reason of `leaving`
   */
  wait(leaving: Cancellation): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = { resolve, reject, leaving, leave: () => this.#leave(waiter) };
      this.#waiters.push(waiter);
      leaving.addEventListener('abort', waiter.leave);
    });
  }

  #settle(deliver: (waiter: Waiter<T>) => void): void {
    if (this.aborted) return;
    this.#forget();
    for (const waiter of this.#waiters) {
      waiter.leaving.removeEventListener('abort', waiter.leave);
      deliver(waiter);
    }
  }

  #leave(waiter: Waiter<T>): void {
    waiter.reject(waiter.leaving.reason);
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    if (this.#waiters.length > 0) return;
    this.#forget();
    this.cancel();
  }
}
