import { afterAll, describe, expect, it } from '@jest/globals';
import { Comparison } from './comparison.ts';
import { checkDeferring, covers } from './deferring.ts';
import { NO_FAULTS } from './fake-subgraph.ts';
import { FEDERATIONS } from './supergraphs.ts';

/** 270 in all. */
const CASES = 30;
const SEED = 1;

/** Nothing is deferred in a federation with interface objects, which the planner cannot do. */
const DEFERRING = FEDERATIONS.filter(({ feature }) => feature !== 'interface objects');

const compared = { cases: 0, later: 0 };

describe('the parts of an answer, together,', () => {
  it.each(DEFERRING.map((federation) => [federation.feature, federation] as const))(
    'are what comes without @defer: %s',
    async (_, federation) => {
      const comparison = new Comparison(federation, NO_FAULTS);
      const { cases, later, difference } = await checkDeferring(comparison, { cases: CASES, seed: SEED });
      compared.cases += cases;
      compared.later += later;
      expect(difference).toBeNull();
    },
    60_000,
  );

  afterAll(() => {
    expect(compared.cases).toBe(CASES * DEFERRING.length);
    expect(compared.later).toBeGreaterThan(compared.cases);
  });
});

describe('the comparison', () => {
  it.each<[string, unknown, unknown]>([
    ['a value that is another', { a: 1 }, { a: 2 }],
    ['a field that is missing', {}, { a: { b: 1 } }],
    ['a list that is shorter', [1], [1, 2]],
    ['a null', { a: null }, { a: 'x' }],
  ])('sees %s', (_, parted, whole) => {
    expect(covers(parted, whole)).toBe(false);
    expect(covers(whole, whole)).toBe(true);
  });

  it('lets parts have more than the whole', () => {
    expect(covers({ a: { b: 1, c: null } }, { a: null })).toBe(true);
  });
});
