import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, type Redis, whenReady } from '@tributary/platform';
import { describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import fc from 'fast-check';
import { DAMAGES, damage } from './support/damage.ts';
import { entryOf } from './support/entries.ts';
import { closeGateways, fill, find, findNow, logger, openGateway, settled } from './support/gateways.ts';
import { follow, steps } from './support/model.ts';

const RECORD = '{tributary:cache:0}';

describeWithRedis('a store over a Redis that loses things', () => {
  let server: OwnRedis;
  let operator: Redis;
  beforeAll(async () => {
    server = await startOwnRedis();
    operator = connectRedis(server.url, logger, { commandTimeout: 10_000 });
    await whenReady(operator);
  });
  afterEach(closeGateways);
  afterAll(async () => {
    operator.disconnect();
    await server.stop();
  });

  const openTwo = () => Promise.all([openGateway(server.url), openGateway(server.url)]);

  it.each(DAMAGES)('gives nothing old and keeps on working: %s', async (how) => {
    const [a, b] = await openTwo();
    for (const key of ['1', '2', '3', '4', '5', '6']) await fill(a, key, key, [`Thing:${key}`]);
    await settled([a, b]);
    const { reading } = await a.store.lookup(['late']);
    await b.store.invalidate(['Thing:1', 'Thing:late']);
    await damage(operator, RECORD, how);
    a.store.keep([{ key: 'late', entry: entryOf('old', ['Thing:late']) }], reading);
    await settled([a, b]);
    expect([await find(b, '1'), await find(b, 'late'), await find(a, 'late')]).toEqual(
      Array(3).fill(undefined),
    );
    expect([undefined, '2 (redis)']).toContain(await find(b, '2'));
    await fill(a, '1', 'new', ['Thing:1']);
    await settled([a, b]);
    expect(await find(b, '1')).toBe('new (redis)');
  });

  it('keeps nothing of a reading under another record, though its clock was set back', async () => {
    const [a, b] = await openTwo();
    const { reading } = await a.store.lookup(['late']);
    const [server = ''] = await operator.zrange(RECORD, 0, '0');
    await operator.del(RECORD);
    const members = ['1000', server, '1000', 'horizon', '1000', 'now'];
    await operator.zadd(RECORD, ...members);
    await b.store.invalidate(['Thing:late']);
    a.store.keep([{ key: 'late', entry: entryOf('old', ['Thing:late']) }], reading);
    await settled([a, b]);
    expect(await find(b, 'late')).toBeUndefined();
  });

  it('drops messages that are none', async () => {
    const [a, b] = await openTwo();
    await fill(a, 'k', 'k', ['Thing:1']);
    for (const message of ['garbage', '{"labels":"Thing:1"}', '[]', '{"marks":["ada"]}'])
      await operator.publish('tributary:cache:changes', message);
    await settled([a, b]);
    expect([await find(a, 'k'), a.store.isMarked('ada')]).toEqual(['k (memory)', false]);
  });

  it('never gives what was invalidated, in whatever order things happen and are lost', async () => {
    const [a, b] = await openTwo();
    let run = 0;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        run += 1;
        found += await follow(all, {
          run: `run ${run}`,
          stores: [a.store, b.store],
          settled: () => settled([a, b]),
          async disturb(how) {
            // Not each time: nothing would be found any more.
            const what = DAMAGES[how % 15];
            if (what) await damage(operator, RECORD, what);
          },
        });
      }),
      { numRuns: 12, seed: 1 },
    );
    expect(found).toBeGreaterThan(12);
  });

  it('never gives what was invalidated while Redis drops keys for want of memory', async () => {
    const [a, b] = await openTwo();
    const used = Number(/used_memory:(\d+)/.exec(await operator.info('memory'))?.[1]);
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', String(used + 1_500_000));
    try {
      const version = Array<number>(100).fill(0);
      let found = 0;
      for (let step = 0; step < 400; step += 1) {
        // Each is asked for twice in a row: what was kept long ago is dropped by then, what was kept just now is not.
        const id = ((step - (step % 2)) * 37) % 100;
        const [has] = (await b.store.lookup([`${id}`])).found;
        if (has) {
          found += 1;
          expect(Number(has.entry.body.toString('utf8', 0, 4))).toBe(version[id]);
        }
        const { reading } = await a.store.lookup([`${id}`]);
        const body = Buffer.alloc(40_000, String(version[id]).padEnd(4));
        if (step % 3 === 0) {
          version[id] = (version[id] as number) + 1;
          await b.store.invalidate([`Thing:${id}`]);
        }
        a.store.keep([{ key: `${id}`, entry: entryOf(body, [`Thing:${id}`]) }], reading);
        if (step % 3 === 0) await settled([a, b]);
      }
      expect(found).toBeGreaterThan(0);
      const stats = await operator.info('stats');
      expect(Number(/evicted_keys:(\d+)/.exec(stats)?.[1])).toBeGreaterThan(0);
    } finally {
      await operator.config('SET', 'maxmemory', '0');
    }
  });

  it('invalidates in a Redis that is full and drops nothing', async () => {
    const [a, b] = await openTwo();
    await fill(a, 'k', 'old', ['Thing:1']);
    await settled([a, b]);
    await operator.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1');
    try {
      expect(await findNow(b, 'k')).toBe('old (redis)');
      await b.store.invalidate(['Thing:1']);
      expect(await findNow(b, 'k')).toBeUndefined();
      const { reading } = await a.store.lookup(['other']);
      a.store.keep([{ key: 'other', entry: entryOf('no room in Redis') }], reading);
      expect(await findNow(b, 'other')).toBeUndefined();
    } finally {
      await operator.config('SET', 'maxmemory', '0');
    }
    expect(await find(b, 'k')).toBeUndefined();
  });
});
