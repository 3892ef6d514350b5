import type { Logger } from '../logger.ts';
import { Counter, type Registry } from '../metrics.ts';
import { connectRedis, whenReady } from '../redis/redis.ts';
import { parseRedisUrl } from '../redis/redis-url.ts';
import { invalidationRecord } from './invalidation-record.ts';
import { type Changed, labelsOf } from './labels.ts';
import { postInvalidations } from './post-invalidations.ts';
import { redisInvalidation } from './redis-invalidation.ts';

/** Tells the gateways what they must not serve from their caches any more. */
export interface Invalidator {
  /**
   * Resolves when gateways find nothing of it any more: with Redis when it was told there, and published to what they
   * have in memory; over HTTP when the gateway said so.
   *
   * @throws when it cannot be told now; whoever invalidates tries again
   */
  invalidate(changed: Changed): Promise<void>;
  close(): Promise<void>;
}

export interface InvalidatorOptions {
  /** The Redis of the gateways, in a form that `parseRedisUrl` reads. */
  redisUrl?: string | undefined;
  /** Where a gateway without Redis takes invalidations. */
  url?: string | undefined;
  /** `INTERNAL_SECRET`; without one, requests to the gateway are not signed. */
  secret?: string | undefined;
  /** Of the keys in Redis; the gateways’ `redis_prefix`. @default tributary:cache */
  prefix?: string | undefined;
  /** Name of the service that invalidates. */
  service: string;
  logger: Logger;
  metrics: Registry;
}

/** No request waits for it, and a great many labels take their time. */
const COMMAND_TIMEOUT = 2_000; // 2 seconds

/**
 * By Redis where there is one, otherwise by a request to the gateway. Connects at the first use.
 *
 * @returns null where there is neither
 */
export function createInvalidator(options: InvalidatorOptions): Invalidator | null {
  const { redisUrl, url, secret, prefix, service, logger, metrics } = options;
  if (redisUrl !== undefined) return counting(overRedis(redisUrl, prefix, logger), metrics);
  if (url !== undefined) return counting(postInvalidations({ url, secret, service }), metrics);
  return null;
}

function overRedis(url: string, prefix: string | undefined, logger: Logger): Invalidator {
  const record = invalidationRecord(parseRedisUrl(url), prefix);
  const connect = () => {
    const redis = connectRedis(url, logger, { commandTimeout: COMMAND_TIMEOUT });
    return { redis, tell: redisInvalidation(redis, record) };
  };
  let connection: ReturnType<typeof connect> | undefined;
  return {
    async invalidate(changed) {
      connection ??= connect();
      await whenReady(connection.redis);
      await connection.tell(labelsOf(changed));
    },
    async close() {
      connection?.redis.disconnect();
    },
  };
}

function counting({ invalidate, close }: Invalidator, metrics: Registry): Invalidator {
  const invalidations = new Counter({
    name: 'cache_invalidations_total',
    help: 'Invalidations that this service told the gateways, or could not tell them',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  // What rates are made from has to be there before the first one.
  for (const outcome of ['ok', 'error']) invalidations.inc({ outcome }, 0);
  return {
    async invalidate(changed) {
      try {
        await invalidate(changed);
      } catch (error) {
        invalidations.inc({ outcome: 'error' });
        throw error;
      }
      invalidations.inc({ outcome: 'ok' });
    },
    close,
  };
}
