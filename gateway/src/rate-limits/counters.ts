import {
  connectRedis,
  errorTypeOf,
  type Logger,
  type Redis,
  type Span,
  type SpanOptions,
} from '@tributary/platform';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { Breaker } from '../caching/store/redis/breaker.ts';
import { timed } from '../caching/store/redis/timed.ts';
import type { Limit } from './limits.ts';
import type { RateLimitMetrics } from './metrics.ts';

/** Points that a request takes of a limit. */
export interface Taking {
  limit: Limit;
  key: string;
  points: number;
}

/** What has become of a limit after a request took its points. */
export interface Count {
  limit: Limit;
  key: string;
  isOver: boolean;
  /** Points that can still be taken. */
  remaining: number;
  /** Milliseconds until all points are there again. */
  resetsIn: number;
}

/** Counts what is taken. */
export interface Counters {
  /** Takes the points of a request, all at once; it never fails. @param span - of the request; absent when it has none */
  take(takings: readonly Taking[], span?: Span | null): Promise<readonly Count[]>;
  close(): void;
}

/** What counters are made with. */
export interface CounterOptions {
  limits: readonly Limit[];
  /** What the names of all keys begin with. */
  prefix: string;
  /** Unset: counted in this process. */
  redisUrl: string | undefined;
  logger: Logger;
  metrics: RateLimitMetrics;
}

/** Requests wait less, see `timed`; a limit of the connection would hold this process's own delays against Redis. */
const COMMAND_TIMEOUT = 2_000; // 2 seconds

type Limiters = ReadonlyMap<Limit, RateLimiterAbstract>;

/** Makes counters: in Redis for all gateways, or in this process. */
export function createCounters({ limits, prefix, redisUrl, logger, metrics }: CounterOptions): Counters {
  const optionsOf = ({ name, points, per }: Limit) => ({
    keyPrefix: `${prefix}:${name}`,
    points,
    duration: per,
  });
  const local: Limiters = new Map(limits.map((limit) => [limit, new RateLimiterMemory(optionsOf(limit))]));
  if (redisUrl === undefined) return { take: (takings) => takeFrom(local, takings), close: () => undefined };
  const redis = connectRedis(redisUrl, logger, { commandTimeout: COMMAND_TIMEOUT });
  const shared: Limiters = new Map(
    limits.map((limit) => [limit, new RateLimiterRedis({ ...optionsOf(limit), storeClient: redis })]),
  );
  return insured(redis, shared, local, metrics);
}

/**
 * Counts in Redis, and in this process while Redis fails: who attacks is still held to the limits of one gateway, and
 * everybody else is served. The library's own insurance would wait for a Redis that hangs at each request, and tell
 * nobody of it.
 */
function insured(redis: Redis, shared: Limiters, local: Limiters, metrics: RateLimitMetrics): Counters {
  const breaker = new Breaker({
    probe: () => timed(NOT_MEASURED, 'probe', redis.ping()),
    onChange: () => undefined,
  });
  redis.on('ready', () => void breaker.probe());
  return {
    async take(takings, parent) {
      if (breaker.open) {
        metrics.countStoreFailure();
        return takeFrom(local, takings);
      }
      const span = parent?.child('redis rate limits', SPAN);
      try {
        return await timed(NOT_MEASURED, 'rate', takeFrom(shared, takings));
      } catch (error) {
        span?.fail(errorTypeOf(error));
        // The connection says why, in the log.
        breaker.trip();
        metrics.countStoreFailure();
        return takeFrom(local, takings);
      } finally {
        span?.end();
      }
    },
    close() {
      breaker.close();
      redis.disconnect();
    },
  };
}

const SPAN: SpanOptions = { kind: 'client', attributes: { 'db.system.name': 'redis' } };

const NOT_MEASURED = { observeRedis: () => undefined };

/** The commands are sent together, and so are one round trip. */
const takeFrom = (limiters: Limiters, takings: readonly Taking[]): Promise<readonly Count[]> =>
  Promise.all(takings.map((taking) => takeOne(limiters.get(taking.limit), taking)));

async function takeOne(
  limiter: RateLimiterAbstract | undefined,
  { limit, key, points }: Taking,
): Promise<Count> {
  if (!limiter) throw new Error(`nothing counts for ${limit.name}`);
  const result = await limiter.consume(key, points).catch((refused: unknown) => {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  });
  const { consumedPoints, remainingPoints, msBeforeNext } = result;
  return {
    limit,
    key,
    isOver: consumedPoints > limit.points,
    remaining: remainingPoints,
    resetsIn: msBeforeNext,
  };
}
