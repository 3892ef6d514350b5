import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import {
  connectRedis,
  connectRedisSubscriber,
  createInvalidator,
  Registry,
  whenReady,
} from '@tributary/platform';
import { describeWithRedis, startTestRedis, type TestRedis } from '@tributary/testing';
import { until } from '../../support/until.ts';
import { entryOf } from './support/entries.ts';
import { figure } from './support/figure.ts';
import { closeGateways, fill, find, logger, openGateway, settled } from './support/gateways.ts';

describeWithRedis('a store over Redis', () => {
  let redis: TestRedis;
  let tests = 0;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterEach(closeGateways);
  afterAll(() => redis.stop());

  /** Two gateways with keys of their own for each test. */
  async function openTwo() {
    tests += 1;
    const prefix = `${redis.prefix}${tests}`;
    const [a, b] = await Promise.all([openGateway(redis.url, prefix), openGateway(redis.url, prefix)]);
    return { prefix, a, b };
  }

  it('has for all gateways what one of them kept, byte for byte', async () => {
    const { a, b } = await openTwo();
    const entry = {
      ...entryOf(Buffer.from([0, 255, 10, 13, 128, 10]), ['Thing:ü', '#all']),
      scope: 'PRIVATE' as const,
    };
    const { found, reading } = await a.store.lookup(['binary']);
    expect(found).toEqual([undefined]);
    a.store.keep([{ key: 'binary', entry }], reading);
    await settled([a, b]);
    expect((await b.store.lookup(['none', 'binary'])).found).toEqual([undefined, { entry, layer: 'redis' }]);
    expect((await b.store.lookup(['binary'])).found).toEqual([{ entry, layer: 'memory' }]);
    const hits = (layer: string) =>
      figure(b.registry, 'cache_requests_total', { cache: 'things', layer, result: 'hit' });
    expect([await hits('redis'), await hits('memory')]).toEqual([1, 2]); // one as it was opened
  });

  it('keeps in memory alone what was begun there, and leaves nothing in Redis that is over', async () => {
    const { a, b } = await openTwo();
    a.store.keep([{ key: 'here', entry: entryOf('here') }], a.store.begin());
    const over = { ...entryOf('over'), freshUntil: Date.now() - 1, staleUntil: Date.now() - 1 };
    a.store.keep([{ key: 'over', entry: over }], (await a.store.lookup(['over'])).reading);
    await settled([a, b]);
    expect([await find(a, 'here'), await find(b, 'here'), await find(b, 'over')]).toEqual([
      'here (memory)',
      undefined,
      undefined,
    ]);
  });

  it('asks Redis for a newer one of what is stale in memory', async () => {
    const { a, b } = await openTwo();
    const stale = { ...entryOf('stale'), freshUntil: Date.now() - 1, staleUntil: Date.now() + 60_000 };
    a.store.keep([{ key: 'k', entry: stale }], a.store.begin());
    expect(await find(a, 'k')).toBe('stale (memory)');
    await fill(b, 'k', 'newer');
    await settled([a, b]);
    expect(await find(a, 'k')).toBe('newer (redis)');
  });

  it('does not keep, in any gateway, what was invalidated by another while it was read', async () => {
    const { a, b } = await openTwo();
    const { reading } = await a.store.lookup(['k']);
    await b.store.invalidate(['Thing:1']);
    a.store.keep([{ key: 'k', entry: entryOf('old', ['Thing:1']) }], reading);
    await settled([a, b]);
    expect([await find(a, 'k'), await find(b, 'k')]).toEqual([undefined, undefined]);
    await fill(a, 'k', 'new', ['Thing:1']);
    await settled([a, b]);
    a.store.keep([{ key: 'k', entry: entryOf('old', ['Thing:1']) }], reading);
    await settled([a, b]);
    expect([await find(a, 'k'), await find(b, 'k')]).toEqual(['new (memory)', 'new (redis)']);
  });

  it('drops what was kept before it was invalidated, also from the memory of others', async () => {
    const { a, b } = await openTwo();
    await fill(a, 'one', 'one', ['Thing:1', 'Thing:2']);
    await fill(a, 'two', 'two', ['Thing:2', 'Thing:3']);
    await settled([a, b]);
    expect([await find(b, 'one'), await find(b, 'two')]).toEqual(['one (redis)', 'two (redis)']);
    await a.store.invalidate(['Thing:1']);
    await settled([a, b]);
    expect([await find(b, 'one'), await find(b, 'two')]).toEqual([undefined, 'two (memory)']);
    await b.store.invalidate(['Thing:3']);
    expect([await find(b, 'two'), await find(a, 'one')]).toEqual([undefined, undefined]);
  });

  it('hears in all gateways of what a service invalidates, by one message', async () => {
    const { prefix, a, b } = await openTwo();
    const metrics = new Registry();
    const invalidator = createInvalidator({ redisUrl: redis.url, prefix, service: 'shop', logger, metrics });
    await fill(a, 'k', 'old', ['Thing:1']);
    await fill(a, 'tagged', 'old', ['#all']);
    await settled([a, b]);
    expect([await find(b, 'k'), await find(b, 'tagged')]).toEqual(['old (redis)', 'old (redis)']);
    const heard = await openListener(`${prefix}:changes`);
    await invalidator?.invalidate({ keys: ['Thing:1'], tags: ['all'] });
    await until(() => [a, b].every(({ store }) => !store.peek('k') && !store.peek('tagged')));
    expect([await find(a, 'k'), await find(b, 'tagged')]).toEqual([undefined, undefined]);
    expect(heard).toEqual(['{"labels":["Thing:1","#all"]}']);
    expect(await figure(metrics, 'cache_invalidations_total', { outcome: 'ok' })).toBe(1);
    await invalidator?.close();
  });

  it('keeps nothing of a reading that more was invalidated since than is remembered', async () => {
    const { prefix, a, b } = await openTwo();
    const { reading } = await a.store.lookup(['k']);
    await fill(b, 'other', 'other', ['Thing:2']);
    await settled([a, b]);
    await fillRecord(redis.url, `{${prefix}:0}`);
    await b.store.invalidate(['Thing:3']);
    a.store.keep([{ key: 'k', entry: entryOf('old', ['Thing:1']) }], reading);
    await settled([a, b]);
    expect([await find(b, 'k'), await find(a, 'other')]).toEqual([undefined, undefined]);
    await fill(a, 'later', 'new', ['Thing:1']);
    expect(await find(b, 'later')).toBe('new (redis)');
  });

  it('knows a mark at once by Redis, and soon in each gateway', async () => {
    const { a, b } = await openTwo();
    expect((await b.store.lookup([], ['ada'])).marked).toBe(false);
    await a.store.mark(['ada', 'bob'], 60_000);
    expect((await b.store.lookup(['k'], ['eve', 'ada'])).marked).toBe(true);
    await until(() => b.store.isMarked('bob'));
    expect((await b.store.lookup([], ['eve'])).marked).toBe(false);
    await a.store.mark(['short'], 20);
    await until(async () => !(await b.store.lookup([], ['short'])).marked);
  });

  /** What is published on a channel from now on. */
  async function openListener(channel: string): Promise<string[]> {
    const listener = connectRedisSubscriber(redis.url, logger);
    const heard: string[] = [];
    listener.on('message', (_channel: string, message: string) => heard.push(message));
    await whenReady(listener);
    await listener.subscribe(channel);
    listeners.push(listener);
    return heard;
  }
  const listeners: { disconnect(): void }[] = [];
  afterEach(() => {
    for (const listener of listeners.splice(0)) listener.disconnect();
  });
});

/** Records as many labels as are remembered, which a gateway would take a while for. */
async function fillRecord(url: string, key: string): Promise<void> {
  const client = connectRedis(url, logger, { commandTimeout: 10_000 });
  await whenReady(client);
  const now = Number(await client.zscore(key, 'now'));
  for (let part = 0; part < 10; part += 1) {
    const members = Array.from({ length: 10_000 }, (_, index) => [now + 1, `l:${part}-${index}`]);
    await client.zadd(key, ...members.flat());
  }
  await client.zadd(key, now + 1, 'now');
  client.disconnect();
}
