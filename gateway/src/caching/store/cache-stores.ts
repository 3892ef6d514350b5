import { invalidationRecord, type Logger, parseRedisUrl } from '@tributary/platform';
import type { CacheMetrics } from './cache-metrics.ts';
import type { CacheStore } from './cache-store.ts';
import { Marks } from './marks.ts';
import { MemoryLayer } from './memory-layer.ts';
import { ChangeSubscriber } from './redis/change-subscriber.ts';
import { readChange } from './redis/read-change.ts';
import { RedisLayer } from './redis/redis-layer.ts';
import { createStore } from './store.ts';

export interface CacheStoresOptions {
  /** In a form that `parseRedisUrl` reads; without it, entries stay in this process. */
  redisUrl?: string | undefined;
  /** Of all keys in Redis; those who invalidate need the same. @default tributary:cache */
  prefix?: string | undefined;
  logger: Logger;
  metrics: CacheMetrics;
  /** Called when something was invalidated, here or elsewhere, or may have been. @default nobody is told */
  onInvalidated?(): void;
}

/** The stores of one process. They have one Redis, marks and invalidations in common, each its own memory. */
export interface CacheStores {
  /**
   * Opens a store.
   *
   * @param cache - its name in metrics and keys
   * @param maxBytes - about how many bytes its memory takes
   */
  open(cache: string, maxBytes: number): CacheStore;
  /** Ends the connections; nothing is found or kept any more. */
  close(): Promise<void>;
}

/** Connects to Redis in the background, where there is one. */
export function createCacheStores(options: CacheStoresOptions): CacheStores {
  const { redisUrl, prefix, logger, metrics, onInvalidated } = options;
  const marks = new Marks();
  const memories = new Set<MemoryLayer>();
  const forget = (labels: readonly string[]) => {
    for (const memory of memories) memory.invalidate(labels);
    onInvalidated?.();
  };
  const empty = () => {
    for (const memory of memories) memory.empty();
    onInvalidated?.();
  };
  const shared = redisUrl === undefined ? null : connect(redisUrl);

  function connect(url: string) {
    const record = invalidationRecord(parseRedisUrl(url), prefix);
    const subscriber = new ChangeSubscriber({
      url,
      channel: record.channel,
      logger,
      onMessage(message) {
        const change = readChange(message);
        if (!change) return logger.warn('a message to the caches that is none was dropped');
        forget(change.labels);
        for (const name of change.marks) marks.set(name, change.ms);
      },
      onGap: empty,
    });
    const onNewRecord = () => {
      empty();
      subscriber.reconnect();
    };
    return { subscriber, redis: new RedisLayer({ url, record, logger, metrics, onNewRecord }) };
  }

  async function invalidate(labels: readonly string[]): Promise<void> {
    forget(labels);
    if (!shared) return;
    await shared.redis.invalidate(labels);
    // Meanwhile it may have come back from Redis.
    forget(labels);
  }

  return {
    open(cache, maxBytes) {
      const memory = new MemoryLayer(cache, maxBytes, metrics);
      memories.add(memory);
      return createStore({
        cache,
        memory,
        redis: shared?.redis ?? null,
        marks,
        metrics,
        hears: () => shared?.subscriber.hears ?? true,
        invalidate,
        onClose: () => void memories.delete(memory),
      });
    },
    async close() {
      shared?.subscriber.close();
      shared?.redis.close();
      for (const memory of memories) memory.close();
      memories.clear();
    },
  };
}
