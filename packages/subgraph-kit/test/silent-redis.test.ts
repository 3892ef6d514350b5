import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis, whenReady } from '@tributary/platform';
import {
  describeWithRedis,
  type OwnRedis,
  openTcpProxy,
  startOwnRedis,
  type TcpProxy,
} from '@tributary/testing';
import { closeBuses, openBus, type TestBus } from './support/test-bus.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

describeWithRedis('a Redis whose connections hang', () => {
  let server: OwnRedis;
  let proxy: TcpProxy;
  beforeEach(async () => {
    server = await startOwnRedis();
    proxy = await openTcpProxy(server.url);
  });
  afterEach(async () => {
    await closeBuses();
    await proxy.block();
    await server.stop();
  });

  /** Waits until the gauge of a bus says whether it hears; the test's own time limit ends it otherwise. */
  async function connected({ metrics }: TestBus, value: 0 | 1): Promise<void> {
    const gauge = new RegExp(`^event_bus_connected\\{.*\\} ${value}$`, 'm');
    while (!gauge.test(await metrics.metrics())) await delay(5);
  }

  /** Not `once` of `node:events`, which an error ends. */
  const next = (redis: Redis, event: 'close' | 'ready') =>
    new Promise((resolve) => redis.once(event, resolve));

  it('is noticed by a bus, which listens again, and tells of the gap', async () => {
    const far = openBus(proxy.url, 50);
    const near = openBus(server.url);
    await Promise.all([far.hears(1), near.hears(1)]);
    proxy.inject({ kind: 'hole' });
    await connected(far, 0);
    await near.bus.publish('things', { id: 1 });
    await near.hears(2);
    await expect(far.bus.publish('things', { id: 2 })).rejects.toThrow();
    expect(far.heard).toEqual(['gap']);

    proxy.inject(null);
    expect(await far.hears(2)).toEqual(['gap', 'gap']);
    await connected(far, 1);
    await near.bus.publish('things', { id: 3 });
    expect(await far.hears(3)).toEqual(['gap', 'gap', { id: 3 }]);
    expect(await far.metrics.metrics()).toMatch(/^event_bus_resubscriptions_total\{.*\} 1$/m);
  });

  it('is noticed by who asks it: the connection is given up, and made anew', async () => {
    const redis = connectRedis(proxy.url, logger, { socketTimeout: 200 });
    try {
      await whenReady(redis);
      proxy.inject({ kind: 'hole' });
      const closed = next(redis, 'close');
      await expect(redis.ping()).rejects.toThrow('timed out');
      await closed;
      const ready = next(redis, 'ready');
      proxy.inject(null);
      await ready;
      expect(await redis.ping()).toBe('PONG');
    } finally {
      redis.disconnect();
    }
  });
});
