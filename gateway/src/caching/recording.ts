import type { CacheHint } from '../transport/cache-hint.ts';

/** What is learned of an answer while it is made: what it depends on, and how much of it was there already. */
export class Recording {
  readonly labels = new Set<string>();
  /** Entities and root fields that were there. */
  hits = 0;
  /** Those that were not. */
  misses = 0;
  /** Whether a part of it was asked for before this request looked into the caches: then it is not kept. */
  isShared = false;
  #maxAge = Number.POSITIVE_INFINITY;
  #staleWhileRevalidate = Number.POSITIVE_INFINITY;
  #isPrivate = false;

  /** Takes a part of the answer into account, which may be kept for so long and for whom it says. */
  restrict({ maxAge, scope, staleWhileRevalidate = 0 }: CacheHint): void {
    this.#maxAge = Math.min(this.#maxAge, maxAge);
    this.#staleWhileRevalidate = Math.min(this.#staleWhileRevalidate, staleWhileRevalidate);
    this.#isPrivate ||= scope === 'PRIVATE';
  }

  /** How long the whole may be kept; 0 when nothing was fetched. */
  get hint(): Required<CacheHint> {
    const maxAge = Number.isFinite(this.#maxAge) ? this.#maxAge : 0;
    return {
      maxAge,
      staleWhileRevalidate: maxAge > 0 ? this.#staleWhileRevalidate : 0,
      scope: this.#isPrivate ? 'PRIVATE' : 'PUBLIC',
    };
  }
}
