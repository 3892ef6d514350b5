import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithRedis } from '@tributary/testing';
import { rowOf, uuidOf } from '../access-matrix/shop.ts';
import { prepareTraffic, type Traffic } from './traffic.ts';
import { startTwoGateways, type TwoGateways } from './two-gateways.ts';

const DURATION = 30_000; // 30 seconds
/** Milliseconds after which nothing old may be answered: generous, as two cores run everything. */
const BOUND = 2_000;

describeWithRedis('readers at two gateways, while staff change what they read', () => {
  let two: TwoGateways;
  let traffic: Traffic;
  beforeAll(async () => {
    two = await startTwoGateways();
    traffic = await prepareTraffic(two);
  });
  afterAll(() => two?.stop());

  it('are answered nothing that is older than it may be, and often from the caches', async () => {
    await traffic.during(pause(DURATION));
    const sorted = traffic.staleness.toSorted((a, b) => a - b);
    const at = (part: number) => Math.round(sorted[Math.ceil(part * sorted.length) - 1] ?? 0);
    const written = traffic.goods.reduce((sum, good) => sum + traffic.versionOf(good, 'title'), 0);
    console.info(
      `${sorted.length} reads, ${traffic.hits} of them hits, ${written} changes of titles and as many of prices; ` +
        `too old by ms: median ${at(0.5)}, p99 ${at(0.99)}, largest ${at(1)}`,
    );
    expect(at(1)).toBeLessThan(BOUND);
    expect(traffic.hits).toBeGreaterThan(sorted.length / 10);
  }, 60_000);

  it('see what the database has in the end, at both gateways and from both caches', async () => {
    await traffic.readFromCaches();
    for (const good of traffic.goods) {
      const row = await rowOf<{ title: string; price: number }>(
        two.graph,
        'products',
        `SELECT p.title, v.price_minor::int AS price FROM products p JOIN product_variants v ON v.product_id = p.id
         WHERE p.id = $1`,
        [uuidOf(good.id)],
      );
      expect(row).toEqual({
        title: `v${traffic.versionOf(good, 'title')}`,
        price: traffic.versionOf(good, 'price'),
      });
    }
    const before = traffic.staleness.length;
    for (const read of traffic.reads) expect(await traffic.read(read)).toBe('hit');
    expect(traffic.staleness.slice(before).filter((ms) => ms > 0)).toEqual([]);
  });
});
