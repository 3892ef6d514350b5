import { LRUCache } from 'lru-cache';

/** How many labels are remembered. What began before one that was forgotten is not kept, whatever its labels. */
const REMEMBERED = 50_000;

/**
 * What was invalidated lately, in order. Time is a count of invalidations: two of them never fall together, and no
 * clock that is set back makes an old reading a new one.
 */
export class RecentInvalidations {
  #count = 0;
  /** Nothing is known of what was invalidated up to then. */
  #horizon = 0;
  readonly #labels = new LRUCache<string, number>({
    // As sizes, since room for a number of items is taken at once.
    maxSize: REMEMBERED,
    sizeCalculation: () => 1,
    dispose: (at, _label, reason) => {
      if (reason === 'evict') this.#horizon = Math.max(this.#horizon, at);
    },
  });

  /** Now. */
  get now(): number {
    return this.#count;
  }

  note(labels: readonly string[]): void {
    this.#count += 1;
    for (const label of labels) this.#labels.set(label, this.#count);
  }

  /** Invalidations may have been missed: what began before now counts no more. */
  forget(): void {
    this.#count += 1;
    this.#horizon = this.#count;
    this.#labels.clear();
  }

  /** Whether what was read since then can be told to be still true. */
  stillTrue(labels: readonly string[], since: number): boolean {
    // `peek`, so that the order stays that of the invalidations.
    return since >= this.#horizon && labels.every((label) => (this.#labels.peek(label) ?? 0) <= since);
  }
}
