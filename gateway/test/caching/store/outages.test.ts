import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectRedis, whenReady } from '@tributary/platform';
import { describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import { until } from '../../support/until.ts';
import { entryOf } from './support/entries.ts';
import { figure } from './support/figure.ts';
import {
  closeGateways,
  fill,
  find,
  findNow,
  logger,
  openGateway,
  settled,
  usesRedis,
} from './support/gateways.ts';

describeWithRedis('a store while Redis is away', () => {
  let dir: string;
  let server: OwnRedis;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-cache-'));
    server = await startOwnRedis(undefined, []);
  });
  afterEach(async () => {
    await closeGateways();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** As an operator, on a connection that ends. */
  async function operate<T>(command: (redis: ReturnType<typeof connectRedis>) => Promise<T>): Promise<T> {
    const redis = connectRedis(server.url, logger, { commandTimeout: 10_000 });
    await whenReady(redis);
    return command(redis).finally(() => redis.disconnect());
  }

  const breaker = (gateway: { registry: Parameters<typeof figure>[0] }) =>
    figure(gateway.registry, 'cache_redis_breaker_open');

  it('answers without a Redis that hangs, trusts its memory no longer, and goes on with both after', async () => {
    const a = await openGateway(server.url);
    await fill(a, 'k', 'k', ['Thing:1']);
    await settled([a]);
    expect(await find(a, 'k')).toBe('k (memory)');
    await operate((redis) => redis.call('CLIENT', 'PAUSE', '1800', 'ALL'));
    expect((await a.store.lookup(['other'], ['ada'])).marked).toBe(true);
    expect(await breaker(a)).toBe(1);
    await until(() => a.store.peek('k') === undefined);
    expect(await findNow(a, 'k')).toBeUndefined();
    await a.store.mark(['ada'], 60_000);
    expect(a.store.isMarked('ada')).toBe(true);
    // Nothing was missed, as the connection lasted: memory counts again.
    await until(() => a.store.peek('k') !== undefined);
    await until(async () => (await breaker(a)) === 0);
    expect(await find(a, 'k')).toBe('k (memory)');
    expect(await figure(a.registry, 'cache_redis_seconds', { outcome: 'error' })).toBeGreaterThan(0);
  });

  it.each(['without', 'with'])('gives nothing from before a restart of Redis %s its data', async (data) => {
    await server.stop();
    const files = ['--dir', dir, '--dbfilename', 'dump.rdb'];
    server = await startOwnRedis(undefined, files);
    const [a, b] = await Promise.all([openGateway(server.url), openGateway(server.url)]);
    await fill(a, 'k', 'old', ['Thing:1']);
    await settled([a, b]);
    const { reading } = await a.store.lookup(['late']);
    await operate((redis) => redis.save());
    // The dump knows nothing of it.
    await b.store.invalidate(['Thing:1', 'Thing:2']);
    await server.stop('SIGKILL');
    await until(async () => (await a.store.lookup(['other'])) && (await breaker(a)) === 1);
    expect(await findNow(a, 'k')).toBeUndefined();
    await expect(b.store.invalidate(['Thing:1'])).rejects.toThrow();

    if (data === 'without') await rm(join(dir, 'dump.rdb'));
    server = await startOwnRedis(server.port, files);
    await Promise.all([usesRedis(a), usesRedis(b)]);
    const keys = await operate((redis) => redis.keys('*:things:k'));
    expect(keys).toHaveLength(data === 'with' ? 1 : 0);
    a.store.keep([{ key: 'late', entry: entryOf('old', ['Thing:2']) }], reading);
    await settled([a, b]);
    for (const gateway of [a, b])
      expect([await find(gateway, 'k'), await find(gateway, 'late')]).toEqual([undefined, undefined]);
    await fill(a, 'k', 'new', ['Thing:1']);
    await settled([a, b]);
    expect(await find(b, 'k')).toBe('new (redis)');
  });

  it('empties its memory when it did not hear for a while', async () => {
    const a = await openGateway(server.url);
    a.store.keep([{ key: 'k', entry: entryOf('k', ['Thing:1']) }], a.store.begin());
    const { reading } = await a.store.lookup(['late']);
    await operate((redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await until(() => figure(a.registry, 'cache_evictions_total', { reason: 'gap' }));
    await usesRedis(a);
    expect(a.store.peek('k')).toBeUndefined();
    a.store.keep([{ key: 'late', entry: entryOf('late') }], reading);
    expect(a.store.peek('late')).toBeUndefined();
  });
});
