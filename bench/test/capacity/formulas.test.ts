import { describe, expect, it } from '@jest/globals';
import { busyCores, perMonth, underWay, unitsFor, withSpare } from '../../src/capacity/formulas.ts';
import { atGateways, flowOf } from '../../src/capacity/traffic.ts';
import { traffic } from './support/inputs.ts';

describe('a formula', () => {
  it('of utilisation: 2,000 a second of 3 ms keep 6 cores busy', () => {
    expect(busyCores(2_000, 3)).toBe(6);
  });

  it('of Little: 500 a second that stay for 20 ms are 10 at once', () => {
    expect(underWay(500, 20)).toBe(10);
  });

  it.each([
    [0, 1, 0.6, 1],
    [0.6, 1, 0.6, 1],
    [0.61, 1, 0.6, 2],
    [100, 10, 0.5, 20],
  ])('of headroom: %d on units of %d, %d full, are %d', (load, capacity, utilisation, units) => {
    expect(unitsFor(load, capacity, utilisation)).toBe(units);
  });

  it.each([
    [1, 1, 2],
    [1, 3, 6],
    [3, 3, 6],
    [4, 3, 9],
  ])('of redundancy: %d over %d zones are %d', (units, zones, servers) => {
    expect(withSpare(units, zones)).toBe(servers);
  });

  it('of a month: 30 a second at the busiest, three times the mean, are 26.28 million', () => {
    expect(perMonth(30, 3)).toBe(26_280_000);
  });
});

describe('requests', () => {
  it('are answered where they are found first', () => {
    const flow = flowOf(
      traffic({
        ordersPerSecond: 7,
        readsPerSecond: 1_000,
        personalShare: 0.2,
        cdnShare: 0.5,
        memoryHits: 0.75,
        redisHits: 0.4,
        subscriptions: 100,
        eventsPerListener: 0.5,
      }),
    );
    expect(flow).toEqual({
      cdn: 400,
      memoryHits: 300,
      redisHits: 40,
      run: { productPage: 60, crossing: 200, order: 7 },
      messages: 50,
    });
    expect(atGateways(flow)).toBe(607);
  });
});
