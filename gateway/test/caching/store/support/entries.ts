import type { CacheEntry } from '../../../../src/caching/store/cache-store.ts';

/** An entry that is fresh for a minute. */
export function entryOf(text: string | Buffer, labels: readonly string[] = []): CacheEntry {
  const madeAt = Date.now();
  const freshUntil = madeAt + 60_000; // ms
  return { body: Buffer.from(text), madeAt, freshUntil, staleUntil: freshUntil, scope: 'PUBLIC', labels };
}

/** The body as text, of what was found. */
export const textOf = (found: { entry: CacheEntry } | undefined): string | undefined =>
  found?.entry.body.toString();
