import type { Span } from '@tributary/platform';
import type { CacheMetrics } from './cache-metrics.ts';
import type { CacheStore, Found, Lookup, Reading } from './cache-store.ts';
import type { Marks } from './marks.ts';
import type { MemoryLayer } from './memory-layer.ts';
import type { RecordedAt, RedisLayer } from './redis/redis-layer.ts';

interface StoreReading extends Reading {
  /** By the memory. */
  readonly since: number;
  /** By Redis, where it was asked. */
  readonly at?: RecordedAt;
}

export interface StoreOptions {
  cache: string;
  memory: MemoryLayer;
  /** Null without a Redis. */
  redis: RedisLayer | null;
  marks: Marks;
  metrics: CacheMetrics;
  /** Whether this process hears of all invalidations. */
  hears(): boolean;
  /** Drops entries in all stores, of all gateways. */
  invalidate(labels: readonly string[]): Promise<void>;
  onClose(): void;
}

/** A store of its own memory, in front of what all gateways have in Redis. */
export function createStore(options: StoreOptions): CacheStore {
  const { cache, memory, redis, marks, metrics, hears, invalidate, onClose } = options;
  const inRedis = (key: string) => `${cache}:${key}`;
  const read = (since: number, at?: RecordedAt) => ({ since, ...(at && { at }) }) as StoreReading;

  const peek = (key: string) => {
    const entry = hears() ? memory.get(key) : undefined;
    metrics.countRequest(cache, 'memory', entry ? 'hit' : 'miss');
    return entry;
  };
  const keepInMemory: MemoryLayer['keep'] = (key, entry, since) => {
    if (hears()) memory.keep(key, entry, since);
  };

  async function lookup(
    keys: readonly string[],
    names: readonly string[] = [],
    span?: Span | null,
  ): Promise<Lookup> {
    // Before Redis is asked: what is invalidated while it answers is not taken into memory.
    const since = memory.now;
    const found = keys.map((key): Found | undefined => {
      const entry = peek(key);
      return entry && { entry, layer: 'memory' };
    });
    if (names.some((name) => marks.has(name))) return { found, reading: read(since), marked: true };
    // Of what is stale here, another gateway may have a new one.
    const now = Date.now();
    const wanted = keys.filter((_key, index) => (found[index]?.entry.freshUntil ?? 0) <= now);
    const answer =
      wanted.length > 0 || names.length > 0
        ? await redis?.lookup(wanted.map(inRedis), names, span)
        : undefined;
    // Who cannot be asked for is taken for marked: what memory has may be from before their change.
    if (!answer) return { found, reading: read(since), marked: redis !== null && names.length > 0 };
    for (const [index, key] of wanted.entries()) {
      const entry = answer.entries[index];
      metrics.countRequest(cache, 'redis', entry ? 'hit' : 'miss');
      if (!entry) continue;
      keepInMemory(key, entry, since);
      for (const [place, each] of keys.entries()) if (each === key) found[place] = { entry, layer: 'redis' };
    }
    return { found, reading: read(since, answer.at), marked: answer.marked };
  }

  return {
    peek,
    begin: () => read(memory.now),
    lookup,
    keep(entries, reading) {
      const { since, at } = reading as StoreReading;
      for (const { key, entry } of entries) keepInMemory(key, entry, since);
      if (at)
        redis?.keep(
          entries.map(({ key, entry }) => ({ key: inRedis(key), entry })),
          at,
        );
    },
    async mark(names, ms, span) {
      for (const name of names) marks.set(name, ms);
      await redis?.mark(names, ms, span);
    },
    isMarked: (name) => marks.has(name),
    invalidate,
    async close() {
      memory.close();
      onClose();
    },
  };
}
