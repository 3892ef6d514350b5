import type { ResultText } from '../result-text.ts';

const MAX_KEPT = 1_000; // states of one subscription

/**
 * The latest results of a subscription that tell states, for listeners who join it: a subgraph sends the state first to
 * each new subscription, and would not know of them.
 */
export class LatestStates {
  readonly #results = new Map<string, ResultText>();

  /** Keeps a result in place of the one before of the same key; those that are oldest go first. */
  keep(key: string, result: ResultText): void {
    this.#results.delete(key);
    this.#results.set(key, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > MAX_KEPT && oldest !== undefined) this.#results.delete(oldest);
  }

  /** In the order in which they came. */
  all(): Iterable<ResultText> {
    return this.#results.values();
  }
}
