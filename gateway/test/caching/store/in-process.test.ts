import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger, Registry } from '@tributary/platform';
import fc from 'fast-check';
import { createCacheMetrics } from '../../../src/caching/store/cache-metrics.ts';
import { type CacheStores, createCacheStores } from '../../../src/caching/store/cache-stores.ts';
import { entryOf } from './support/entries.ts';
import { figure } from './support/figure.ts';
import { follow, steps } from './support/model.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

const opened: CacheStores[] = [];
afterEach(async () => {
  for (const stores of opened.splice(0)) await stores.close();
});

function open(maxBytes = 1_000_000) {
  const registry = new Registry();
  const stores = createCacheStores({ logger, metrics: createCacheMetrics(registry) });
  opened.push(stores);
  return { registry, stores, store: stores.open('things', maxBytes) };
}

describe('a store in process', () => {
  it('gives what it was given, byte for byte, by key', async () => {
    const { store } = open();
    const entry = { ...entryOf(Buffer.from([0, 255, 10, 13, 128]), ['Thing:1']), scope: 'PRIVATE' as const };
    store.keep([{ key: 'a', entry }], store.begin());
    const { found, marked } = await store.lookup(['b', 'a']);
    expect(found).toEqual([undefined, { entry, layer: 'memory' }]);
    expect(marked).toBe(false);
    expect(store.peek('a')).toEqual(entry);
    expect(store.peek('b')).toBeUndefined();
  });

  it('gives nothing after its end, and keeps what may be served stale until then', () => {
    const { store } = open();
    const now = Date.now();
    const ended = { ...entryOf('ended'), freshUntil: now - 2, staleUntil: now - 1 };
    const stale = { ...entryOf('stale'), freshUntil: now - 2, staleUntil: now + 60_000 };
    store.keep(
      [
        { key: 'ended', entry: ended },
        { key: 'stale', entry: stale },
      ],
      store.begin(),
    );
    expect([store.peek('ended'), store.peek('stale')]).toEqual([undefined, stale]);
  });

  it('drops what has an invalidated label, in all stores of the process', async () => {
    const { stores, store } = open();
    const other = stores.open('others', 1_000_000);
    store.keep(
      [
        { key: 'one', entry: entryOf('one', ['Thing:1', '#all']) },
        { key: 'two', entry: entryOf('two', ['Thing:2', '#all']) },
        { key: 'three', entry: entryOf('three', ['Thing:3']) },
      ],
      store.begin(),
    );
    other.keep([{ key: 'one', entry: entryOf('one', ['Thing:1']) }], other.begin());
    await store.invalidate(['Thing:1']);
    expect([store.peek('one'), other.peek('one')]).toEqual([undefined, undefined]);
    expect(store.peek('two')?.body.toString()).toBe('two');
    await other.invalidate(['#all']);
    expect(store.peek('two')).toBeUndefined();
    expect(store.peek('three')?.body.toString()).toBe('three');
  });

  it('does not keep what was invalidated while it was read', async () => {
    const { store } = open();
    const before = store.begin();
    await store.invalidate(['Thing:1']);
    const after = store.begin();
    store.keep([{ key: 'a', entry: entryOf('old', ['Thing:1']) }], before);
    expect(store.peek('a')).toBeUndefined();
    store.keep([{ key: 'b', entry: entryOf('of another', ['Thing:2']) }], before);
    expect(store.peek('b')?.body.toString()).toBe('of another');
    store.keep([{ key: 'a', entry: entryOf('new', ['Thing:1']) }], after);
    store.keep([{ key: 'a', entry: entryOf('old', ['Thing:1']) }], before);
    expect(store.peek('a')?.body.toString()).toBe('new');
  });

  it('keeps nothing of a reading that more was invalidated since than it remembers', async () => {
    const { store } = open();
    const before = store.begin();
    for (let part = 0; part < 6; part += 1)
      await store.invalidate(Array.from({ length: 10_000 }, (_, index) => `Other:${part}-${index}`));
    store.keep([{ key: 'a', entry: entryOf('old', ['Thing:1']) }], before);
    expect(store.peek('a')).toBeUndefined();
    store.keep([{ key: 'a', entry: entryOf('new', ['Thing:1']) }], store.begin());
    expect(store.peek('a')?.body.toString()).toBe('new');
  });

  it('takes a label off what took the place of an entry', async () => {
    const { store } = open();
    store.keep([{ key: 'a', entry: entryOf('first', ['Thing:1']) }], store.begin());
    store.keep([{ key: 'a', entry: entryOf('second', ['Thing:2']) }], store.begin());
    await store.invalidate(['Thing:1']);
    expect(store.peek('a')?.body.toString()).toBe('second');
    await store.invalidate(['Thing:2']);
    expect(store.peek('a')).toBeUndefined();
  });

  it('stays within its bytes, whatever is kept, and counts labels as well', async () => {
    const { store, registry } = open(100_000);
    const kept = (key: string) => store.peek(key) !== undefined;
    for (let index = 0; index < 200; index += 1)
      store.keep([{ key: `body ${index}`, entry: entryOf(Buffer.alloc(5_000)) }], store.begin());
    expect([kept('body 199'), kept('body 190'), kept('body 150')]).toEqual([true, true, false]);
    store.keep([{ key: 'too large', entry: entryOf(Buffer.alloc(200_000)) }], store.begin());
    expect([kept('too large'), kept('body 199')]).toEqual([false, true]);
    const labels = Array.from({ length: 280 }, (_, index) => `Thing:${index}`);
    store.keep([{ key: 'labels', entry: entryOf('', labels) }], store.begin());
    expect([kept('labels'), kept('body 190')]).toEqual([true, false]);
    expect(await figure(registry, 'cache_bytes', { cache: 'things' })).toBeLessThanOrEqual(100_000);
    expect(await figure(registry, 'cache_evictions_total', { reason: 'size' })).toBeGreaterThan(180);
  });

  it('holds no more than the body of what came in a larger buffer', () => {
    const { store } = open();
    const chunk = Buffer.alloc(65_536, 'x');
    store.keep([{ key: 'a', entry: entryOf('') }], store.begin());
    store.keep([{ key: 'a', entry: { ...entryOf(''), body: chunk.subarray(10, 20) } }], store.begin());
    const body = store.peek('a')?.body;
    expect([body?.toString(), body?.buffer.byteLength]).toEqual(['xxxxxxxxxx', 10]);
  });

  it('knows marks for their time', async () => {
    const { store } = open();
    await store.mark(['ada', 'bob'], 60_000);
    expect([store.isMarked('ada'), store.isMarked('eve')]).toEqual([true, false]);
    expect((await store.lookup([], ['eve', 'bob'])).marked).toBe(true);
    await store.mark(['short'], 1);
    while (store.isMarked('short')) await new Promise(setImmediate);
    expect((await store.lookup([], ['short'])).marked).toBe(false);
  });

  it('keeps nothing once it is closed', async () => {
    const { store } = open();
    const reading = store.begin();
    store.keep([{ key: 'a', entry: entryOf('a') }], reading);
    await store.close();
    store.keep([{ key: 'b', entry: entryOf('b') }], store.begin());
    expect([store.peek('a'), store.peek('b')]).toEqual([undefined, undefined]);
  });

  it('counts what was found', async () => {
    const { store, registry } = open();
    store.keep([{ key: 'a', entry: entryOf('a', ['Thing:1']) }], store.begin());
    await store.lookup(['a', 'b', 'c']);
    await store.invalidate(['Thing:1']);
    const requests = (result: string) =>
      figure(registry, 'cache_requests_total', { cache: 'things', layer: 'memory', result });
    expect([await requests('hit'), await requests('miss')]).toEqual([1, 2]);
    expect(await figure(registry, 'cache_evictions_total', { cache: 'things', reason: 'invalidated' })).toBe(
      1,
    );
    expect(await figure(registry, 'cache_bytes', { cache: 'things' })).toBe(0);
  });

  it('never gives what was invalidated, in whatever order things happen', async () => {
    let found = 0;
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { store } = open();
        run += 1;
        found += await follow(all, {
          run: `run ${run}`,
          stores: [store],
          settled: async () => undefined,
          disturb: async () => undefined,
        });
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
