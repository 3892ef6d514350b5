import type { CacheHint } from '../transport/cache-hint.ts';

/** How long, and for whom, the answer to an operation may be kept: as the strictest of its parts says. */
export class CachePolicy {
  #maxAge: number | undefined;
  #isPrivate = false;

  /** Takes a part of the answer into account. */
  restrict({ maxAge, scope }: CacheHint): void {
    this.#maxAge = Math.min(this.#maxAge ?? maxAge, maxAge);
    this.#isPrivate ||= scope === 'PRIVATE';
  }

  /** The `Cache-Control` header of an answer (RFC 9111, section 5.2.2). @param failed - whether it has errors */
  header(failed: boolean): string {
    const seconds = Math.floor(this.#maxAge ?? 0);
    if (failed || seconds === 0) return 'no-store';
    return `max-age=${seconds}, ${this.#isPrivate ? 'private' : 'public'}`;
  }
}
