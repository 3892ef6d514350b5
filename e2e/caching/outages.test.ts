import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis, whenReady } from '@tributary/platform';
import { describeWithRedis, startOwnRedis } from '@tributary/testing';
import { until } from '../support/until.ts';
import { prepareTraffic, type Traffic } from './traffic.ts';
import { startTwoGateways, type TwoGateways } from './two-gateways.ts';

/** Milliseconds after which nothing old may be answered: memory is used for a second after Redis was heard last. */
const BOUND = 2_500;
/** Reads in a row during which Redis is away, or back. */
const READS = 150;
const PAUSE = 3_000; // 3 seconds: longer than memory is used without Redis

/**
 * Four readers at two gateways, and staff who change what they read, all the time; every answer has to be whole, and
 * no older than it may be.
 */
describeWithRedis(
  'readers at two gateways are answered rightly, and from the caches afterwards, when Redis',
  () => {
    let two: TwoGateways;
    let traffic: Traffic;
    beforeAll(async () => {
      two = await startTwoGateways();
      traffic = await prepareTraffic(two);
      await traffic.readFromCaches();
    });
    afterAll(() => two?.stop());

    /** Waits until there were so many more reads. */
    function moreReads(): Promise<void> {
      const wanted = traffic.staleness.length + READS;
      return until(async () => traffic.staleness.length >= wanted);
    }

    /** Has Redis fail in the midst of the traffic. */
    async function survive(fail: () => Promise<void>): Promise<void> {
      const before = traffic.staleness.length;
      await traffic.during(fail());
      await traffic.readFromCaches();
      expect(Math.max(...traffic.staleness.slice(before))).toBeLessThan(BOUND);
    }

    /** Commands of who runs Redis. */
    async function operate(work: (redis: Redis) => Promise<unknown>): Promise<void> {
      const redis = connectRedis(
        two.redis.url,
        createLogger({ name: 'operator', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
      );
      try {
        await whenReady(redis);
        await work(redis);
      } finally {
        redis.disconnect();
      }
    }

    it('dies, and is back some time later', () =>
      survive(async () => {
        await two.redis.stop('SIGKILL');
        await moreReads();
        two.redis = await startOwnRedis(two.redis.port);
        await moreReads();
      }));

    it('dies, and is back at once', () =>
      survive(async () => {
        await two.redis.stop('SIGKILL');
        two.redis = await startOwnRedis(two.redis.port);
        await moreReads();
      }));

    it('hangs', () =>
      survive(async () => {
        await operate((redis) => redis.client('PAUSE', PAUSE, 'ALL'));
        // Answered when the pause is over.
        await until(() =>
          operate((redis) => redis.ping()).then(
            () => true,
            () => false,
          ),
        );
        await moreReads();
      }));

    it('has no memory left', () =>
      survive(async () => {
        await operate((redis) => redis.config('SET', 'maxmemory', '1'));
        await moreReads();
        await operate((redis) => redis.config('SET', 'maxmemory', '0'));
        await moreReads();
      }));
  },
);
