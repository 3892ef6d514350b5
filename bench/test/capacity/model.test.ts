import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { capacityOf } from '../../src/capacity/model.ts';
import type { Plan } from '../../src/capacity/plan.ts';
import type { Traffic } from '../../src/capacity/traffic.ts';
import { ASSUMPTIONS, COSTS, PRICES, traffic } from './support/inputs.ts';

const planOf = (over: Partial<Traffic>): Plan =>
  capacityOf({ traffic: traffic(over), costs: COSTS, assumptions: ASSUMPTIONS }, PRICES);
const tierOf = (plan: Plan, name: string) => plan.tiers.find((tier) => tier.name.startsWith(name));
const limitOf = (plan: Plan, name: string) => plan.limits.find((limit) => limit.name === name);

describe('1,000 queries and 100 orders a second', () => {
  const plan = planOf({ readsPerSecond: 1_000, ordersPerSecond: 100, peakFactor: 2 });

  it('need processes for their CPU, half of it used, with one to spare in each zone', () => {
    // Gateway 1,000 × 1 ms + 100 × 2 ms = 1.2 cores: 3 processes, and 3 to spare.
    expect(tierOf(plan, 'gateway')).toMatchObject({ instances: 6, busyCores: 1.2, memoryGB: 1.2 });
    expect(tierOf(plan, 'gateway')?.used).toBeCloseTo(1.2 / 6);
    // 1,000 × 2 ms + 100 × 2 ms = 2.2 cores: 5 processes, so 2 + 1 in each zone.
    expect(tierOf(plan, 'products')).toMatchObject({ instances: 9, busyCores: 2.2, cores: 9 });
    // Of the operations the one that takes most memory counts.
    expect(tierOf(plan, 'orders')).toMatchObject({ instances: 6, busyCores: 1, memoryGB: 2.4 });
    expect(tierOf(plan, 'users')).toMatchObject({ instances: 6, busyCores: 0.1 });
  });

  it('need connections, and a statement of 2 ms holds one that long', () => {
    expect(plan.connections).toEqual([
      { service: 'users', opened: 60, needed: 1, needsPooler: false, statements: 100 },
      { service: 'products', opened: 90, needed: 11, needsPooler: false, statements: 5_300 },
      { service: 'orders', opened: 60, needed: 2, needsPooler: false, statements: 900 },
    ]);
  });

  it('fit on one PostgreSQL with its standby: 1,000 × 1 ms + 100 × 8 ms', () => {
    expect(tierOf(plan, 'PostgreSQL primaries')).toMatchObject({ instances: 2, busyCores: 1.8, cores: 8 });
    expect(plan).toMatchObject({ shards: 1, replicas: 0 });
  });

  it('ask Redis for 1,000 × (2 + 3 + 1) and 100 × (10 + 1)', () => {
    expect(plan.volumes.redisOperations).toBe(7_100);
    expect(tierOf(plan, 'Redis')).toMatchObject({ instances: 4, memoryGB: 16 });
  });

  it('move bytes: headers are half of the question and half of the answer', () => {
    expect(plan.volumes.gatewayOutGbit).toBeCloseTo(((1_000 * 2_500 + 100 * 700) * 8) / 1e9);
    expect(plan.volumes.gatewayInGbit).toBeCloseTo((1_100 * 1_000 * 8) / 1e9);
    expect(plan.volumes.innerGbit).toBeCloseTo(((1_000 * 2_000 + 100 * 200) * 2 * 8) / 1e9);
    expect(plan.volumes.walMB).toBe(2);
    // 50 orders a second on average, of 10 kB.
    expect(plan.volumes.storageGBPerMonth).toBeCloseTo((50 * 10_000 * 730 * 3_600) / 1e9);
  });

  it('cost what their servers, bytes and months cost', () => {
    expect(plan.money.processes).toBe(730 * (6 + 6 + 9 + 6));
    expect(plan.money.postgres).toBe(730 * 8);
    expect(plan.money.redis).toBe(730 * (4 + 16));
    expect(plan.money.storage).toBeCloseTo(plan.volumes.storageGBPerMonth * 10 * 2);
    expect(plan.money.egress).toBeCloseTo(((1_000 * 2_500 + 100 * 700) / 2 / 1e9) * 730 * 3_600);
    expect(plan.money.cdn).toBe(0);
    const { total, ...parts } = plan.money;
    expect(total).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part, 0));
  });

  it('break a subgraph process first, then a gateway, then connections', () => {
    expect(plan.limits.slice(0, 3).map(({ name }) => name)).toEqual([
      'event loop of one subgraph process',
      'event loop of one gateway',
      'connections of one PostgreSQL',
    ]);
    expect(limitOf(plan, 'connections of one PostgreSQL')?.share).toBe(0.9);
  });
});

describe('what one cannot carry', () => {
  it('is read from replicas, two at least', () => {
    // 9,000 × 1 ms on 16 cores, half used.
    expect(planOf({ readsPerSecond: 9_000 })).toMatchObject({ shards: 1, replicas: 3 });
  });

  it('is ordered on several primaries, for their CPU', () => {
    const plan = planOf({ ordersPerSecond: 3_000 }); // 24 cores
    expect(plan).toMatchObject({ shards: 3, replicas: 0 });
    expect(limitOf(plan, 'CPU of one primary for orders')?.share).toBe(1.5);
  });

  it('is ordered on several primaries, for their log', () => {
    const costs = structuredClone(COSTS);
    costs.operations.order.walBytes = 1_000_000;
    const plan = capacityOf(
      { traffic: traffic({ ordersPerSecond: 101 }), costs, assumptions: ASSUMPTIONS },
      PRICES,
    );
    expect(plan.shards).toBe(3);
  });

  it('goes through PgBouncer', () => {
    const plan = planOf({ readsPerSecond: 2_000 }); // 4 cores, so 8 processes, and 3 + 1 in each zone
    expect(plan.connections[1]).toMatchObject({ opened: 120, needsPooler: true });
  });

  it('listens to several gateways, each listener with its memory', () => {
    // 200 for half of 10,000 each, so 67 + 1 in each zone; each listener has 20 kB.
    const plan = planOf({ subscriptions: 1_000_000 });
    expect(tierOf(plan, 'gateway')).toMatchObject({ instances: 204, memoryGB: 60.8 });
  });

  it('is the CDN’s, which costs bytes and requests', () => {
    const plan = planOf({ readsPerSecond: 1_000, cdnShare: 1 });
    expect(tierOf(plan, 'gateway')?.busyCores).toBe(0);
    const seconds = 730 * 3_600;
    expect(plan.money.cdn).toBeCloseTo((1_000 * 2_500 * seconds) / 1e9 + (1_000 * seconds) / 1e6);
  });
});

describe('more load', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const rate = fc.double({ min: 0, max: 1e6, noNaN: true });
  const any = fc.record({
    ordersPerSecond: rate,
    readsPerSecond: rate,
    subscriptions: rate,
    eventsPerListener: share,
    personalShare: share,
    cdnShare: share,
    memoryHits: share,
    redisHits: share,
    peakFactor: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  const instances = (plan: Plan) => plan.tiers.reduce((sum, tier) => sum + tier.instances, 0);

  it.each(['ordersPerSecond', 'readsPerSecond', 'subscriptions'] as const)(
    'never needs fewer servers: %s',
    (figure) =>
      void fc.assert(
        fc.property(any, rate, (some, more) => {
          const [before, after] = [planOf(some), planOf({ ...some, [figure]: some[figure] + more })];
          expect(instances(after)).toBeGreaterThanOrEqual(instances(before));
          for (const { name, instances: least } of before.tiers) {
            expect(tierOf(after, name)?.instances).toBeGreaterThanOrEqual(least);
          }
          expect(after.volumes.redisOperations).toBeGreaterThanOrEqual(before.volumes.redisOperations);
        }),
        { seed: 46, numRuns: 100 },
      ),
  );

  it('never fills a server further than it may be', () => {
    void fc.assert(
      fc.property(any, (some) => {
        for (const { used } of planOf(some).tiers) {
          expect(used).toBeLessThanOrEqual(ASSUMPTIONS.utilisation + 1e-9);
        }
      }),
      { seed: 46, numRuns: 100 },
    );
  });
});
