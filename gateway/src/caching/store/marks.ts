import { LRUCache } from 'lru-cache';

/** More than are set at a time; of more, those set first are lost, and Redis still knows them. */
const MAX_MARKS = 100_000;

/** Marks that are set for a while, as far as this process knows. */
export class Marks {
  readonly #marks = new LRUCache<string, true>({
    // As sizes, since room for a number of items is taken at once.
    maxSize: MAX_MARKS,
    sizeCalculation: () => 1,
  });

  /** @param ms - how long it stays, from now on; a mark that stays longer already is left as it is */
  set(name: string, ms: number): void {
    // Without a time, it would stay for ever.
    if (ms > 0 && this.#marks.getRemainingTTL(name) < ms) this.#marks.set(name, true, { ttl: ms });
  }

  has(name: string): boolean {
    return this.#marks.has(name);
  }
}
