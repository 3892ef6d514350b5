import { afterEach, expect, it } from '@jest/globals';
import { connectRedis, createEventBus, createInvalidator, Registry, whenReady } from '@tributary/platform';
import {
  describeWithRedis,
  type OwnRedisGroup,
  type OwnRedisSentinel,
  startRedisCluster,
  startRedisSentinel,
} from '@tributary/testing';
import { redisPersistedQueries } from '../../../src/operations/persisted-queries.ts';
import { until } from '../../support/until.ts';
import { entryOf } from './support/entries.ts';
import { closeGateways, fill, find, logger, openGateway, settled, usesRedis } from './support/gateways.ts';

describeWithRedis('Redis of several servers', () => {
  let group: OwnRedisGroup | undefined;
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    await closeGateways();
    for (const close of closers.splice(0)) await close();
    await group?.stop();
    group = undefined;
  });

  /** What a listener of an event bus hears. */
  function openBus(url: string) {
    const bus = createEventBus({ url, logger, metrics: new Registry() });
    closers.push(() => bus.close());
    const heard: unknown[] = [];
    bus.subscribe('things', { event: (event) => heard.push(event), gap: () => heard.push('gap') });
    return { bus, heard };
  }

  function openClient(url: string) {
    const redis = connectRedis(url, logger, { commandTimeout: 2_000 });
    closers.push(() => redis.disconnect());
    return redis;
  }

  // First: for two seconds after a failover ioredis has timers of its own, which a Jest worker would wait for at its end.
  it('is the master that a Sentinel names; what was kept by the one before counts no more', async () => {
    const sentinel: OwnRedisSentinel = await startRedisSentinel();
    group = sentinel;
    const { url } = sentinel;
    const [a, b] = await Promise.all([openGateway(url), openGateway(url)]);
    const { bus, heard } = openBus(url);
    await until(() => heard.length === 1);
    await fill(a, 'k', 'old', ['Thing:1']);
    expect(await find(b, 'k')).toBe('old (redis)');
    const replica = openClient(sentinel.servers[1]?.url ?? '');
    await whenReady(replica);
    await until(async () => (await replica.keys('*:things:k')).length === 1);
    const { reading } = await a.store.lookup(['late']);
    await sentinel.failOver();
    await until(() => heard.length === 2);
    await bus.publish('things', { id: 1 });
    await until(() => heard.length === 3);
    expect(heard).toEqual(['gap', 'gap', { id: 1 }]);
    await Promise.all([usesRedis(a), usesRedis(b)]);
    a.store.keep([{ key: 'late', entry: entryOf('old', ['Thing:2']) }], reading);
    await settled([a, b]);
    expect([await find(a, 'k'), await find(b, 'k'), await find(b, 'late')]).toEqual(Array(3).fill(undefined));
    await fill(a, 'k', 'new', ['Thing:1']);
    expect(await find(b, 'k')).toBe('new (redis)');
    expect([(await replica.role())[0], (await replica.keys('*:things:k')).length]).toEqual(['master', 2]);
  });

  it('is a Cluster: entries of all nodes, dropped on all of them', async () => {
    group = await startRedisCluster();
    const { url } = group;
    const [a, b] = await Promise.all([openGateway(url), openGateway(url)]);
    const { bus, heard } = openBus(url);
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const { reading } = await a.store.lookup(keys);
    const entries = keys.map((key, index) => ({ key, entry: entryOf(key, [`Thing:${index % 2}`]) }));
    a.store.keep(entries, reading);
    await settled([a, b]);
    const { found } = await b.store.lookup(keys, ['ada', 'bob']);
    expect(found.map((each) => `${each?.entry.body} (${each?.layer})`)).toEqual(
      keys.map((key) => `${key} (redis)`),
    );

    const again = await a.store.lookup(['none', ...keys.map((key) => `other ${key}`)]);
    const invalidator = createInvalidator({
      redisUrl: url,
      service: 'shop',
      logger,
      metrics: new Registry(),
    });
    closers.push(() => invalidator?.close());
    await invalidator?.invalidate({ keys: ['Thing:1'] });
    a.store.keep(
      keys.map((key) => ({ key: `other ${key}`, entry: entryOf('old', ['Thing:1']) })),
      again.reading,
    );
    await settled([a, b]);
    const after = await b.store.lookup(keys);
    expect(after.found.map(Boolean)).toEqual(keys.map((_key, index) => index % 2 === 0));
    expect((await b.store.lookup(keys.map((key) => `other ${key}`))).found.some(Boolean)).toBe(false);

    await bus.publish('things', { id: 1 });
    await until(() => heard.length === 2);
    expect(heard).toEqual(['gap', { id: 1 }]);
    const redis = openClient(url);
    await whenReady(redis);
    const queries = redisPersistedQueries(redis);
    await Promise.all(keys.map((key) => queries.set(key, key)));
    expect(await Promise.all(keys.map((key) => queries.get(key)))).toEqual(keys);
  });
});
