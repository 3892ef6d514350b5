import type { Redis } from '@tributary/platform';

const KEY_PREFIX = 'tributary:gateway:';

/** How long a persisted query is remembered after a client last registered it. */
export const PERSISTED_QUERY_TTL = 86_400; // seconds: a day

/** The part of Apollo's `KeyValueCache` that persisted queries use. */
export interface PersistedQueryCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options?: { ttl?: number | null }): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Automatic persisted queries in Redis, for all gateways to share.
 *
 * When Redis is gone a query counts as unknown: the client then sends it in full, as the protocol has it, and
 * no request fails. `connectRedis` logs the outage, once.
 */
export function redisPersistedQueries(redis: Redis): PersistedQueryCache {
  return {
    async get(key) {
      const query = await redis.get(KEY_PREFIX + key).catch(() => null);
      return query ?? undefined;
    },
    async set(key, value, options) {
      await redis.set(KEY_PREFIX + key, value, 'EX', options?.ttl ?? PERSISTED_QUERY_TTL).catch(() => null);
    },
    async delete(key) {
      await redis.del(KEY_PREFIX + key).catch(() => 0);
    },
  };
}
