import type { Span } from '@tributary/platform';

/** An answer, or a part of one, that may be given again. */
export interface CacheEntry {
  body: Buffer;
  /** Milliseconds since the epoch, as are the other times. */
  madeAt: number;
  freshUntil: number;
  /** May be served while a new one is made, until then; not before `freshUntil` for an entry that may not. */
  staleUntil: number;
  scope: 'PUBLIC' | 'PRIVATE';
  /** What it depends on: labels of entities and tags. */
  labels: readonly string[];
}

/** An entry, and where it was. */
export interface Found {
  entry: CacheEntry;
  layer: 'memory' | 'redis';
}

declare const reading: unique symbol;

/**
 * The moment before something was asked of its source. What was invalidated since then is not kept: the source may
 * have answered with what was before.
 */
export interface Reading {
  readonly [reading]: true;
}

/** What a look-up brings. */
export interface Lookup {
  /** In the order of the keys. */
  found: (Found | undefined)[];
  /** To keep what is asked for in place of what was not found. */
  reading: Reading;
  /** Whether one of the marks that were asked for is set; also when there is a Redis that cannot be asked. */
  marked: boolean;
}

/** A cache of entries by key, that are dropped by what they depend on. */
export interface CacheStore {
  /** What memory has, at once; undefined when it has none, or may not be used now. */
  peek(key: string): CacheEntry | undefined;
  /** Begins a reading without a look-up in Redis: what is kept with it is kept in memory only. */
  begin(): Reading;
  /**
   * Asks memory, then Redis for all that memory lacks, in one round trip. Never throws, and waits for Redis no longer
   * than 100 ms.
   *
   * @param marks - names of marks that are asked for in the same call
   * @param span - of the request that asks; absent when it has none
   */
  lookup(keys: readonly string[], marks?: readonly string[], span?: Span | null): Promise<Lookup>;
  /**
   * Keeps entries, in the background. Never throws; an entry with a label that was invalidated since the reading
   * began is dropped.
   */
  keep(entries: readonly { key: string; entry: CacheEntry }[], reading: Reading): void;
  /**
   * Sets marks, for all gateways; see `isMarked`. Marks of which Redis cannot be told are set here only.
   *
   * @param ms - how long they stay
   * @param span - of the request that sets them; absent when it has none
   */
  mark(names: readonly string[], ms: number, span?: Span | null): Promise<void>;
  /** Whether a mark is set as far as is known in this process. */
  isMarked(name: string): boolean;
  /**
   * Drops all entries with one of these labels, in all gateways and in all their caches.
   *
   * @throws when Redis cannot be told; whoever invalidates tries again
   */
  invalidate(labels: readonly string[]): Promise<void>;
  /** Empties the memory of this store, which keeps nothing any more. */
  close(): Promise<void>;
}
