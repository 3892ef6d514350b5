import { SlidingCount } from './sliding-count.ts';

const WINDOW = 10_000; // 10 seconds

/** How much may be sent again. */
export interface BudgetLimits {
  /** Retries as a share of calls, from 0 to 1. */
  share: number;
  /** Retries that may be sent beside that, so that the first calls can be repeated as well. */
  minimum: number;
}

/**
 * Bounds what is sent again to one subgraph, so that retries do not keep down what is trying to get up: each failure is
 * repeated while failures are few, and hardly any when everything fails.
 */
export class RetryBudget {
  readonly #limits: BudgetLimits;
  readonly #calls = new SlidingCount(WINDOW);
  readonly #retries = new SlidingCount(WINDOW);

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** Something is sent for the first time. @param now - by `performance.now()` */
  noteCall(now: number): void {
    this.#calls.add(now);
  }

  /** Takes a retry out of it. @returns false when there is none left */
  take(now: number): boolean {
    const { share, minimum } = this.#limits;
    if (this.#retries.total(now) + 1 > minimum + share * this.#calls.total(now)) return false;
    this.#retries.add(now);
    return true;
  }
}
