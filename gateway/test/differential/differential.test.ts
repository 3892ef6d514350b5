import { afterAll, describe, expect, it } from '@jest/globals';
import { check, isSame } from './check.ts';
import { Comparison } from './comparison.ts';
import type { Outcome } from './outcome.ts';
import { SHOP } from './shop.ts';
import { FEDERATIONS } from './supergraphs.ts';

/** 10,000 in all. */
const CASES = [...FEDERATIONS.map((federation) => [federation, 800] as const), [SHOP, 2_000] as const];
const SEED = 20_261_121;

const compared = { cases: 0, failing: 0, ours: 0, apollos: 0 };

describe('our executor and Apollo’s', () => {
  it.each(CASES.map(([federation, wanted]) => [federation.feature, federation, wanted] as const))(
    'answer the same: %s',
    async (_, federation, wanted) => {
      const { cases, failing, requests, difference } = await check(new Comparison(federation), wanted, SEED);
      compared.cases += cases;
      compared.failing += failing;
      compared.ours += requests.ours;
      compared.apollos += requests.apollos;
      expect(difference).toBeNull();
    },
    240_000,
  );

  afterAll(() => {
    // The cases reach what they are for: entities, failures, and fetches that can be joined.
    expect(compared.cases).toBe(10_000);
    expect(compared.failing).toBeGreaterThan(compared.cases / 10);
    expect(compared.ours).toBeGreaterThan(compared.cases * 1.5);
    expect(compared.ours).toBeLessThan(compared.apollos);
  });
});

describe('the comparison', () => {
  const outcome: Outcome = {
    data: { a: [1, null] },
    errors: ['a: failed'],
    misplaced: [],
    requests: 1,
  };

  it.each([
    ['other data', { data: { a: [1, 2] } }],
    ['a field too many', { data: { a: [1, null], b: undefined } }],
    ['an error at another place', { errors: ['b: failed'] }],
    ['no error', { errors: [] }],
  ])('sees %s', (_, change) => {
    expect(isSame(outcome, { ...outcome, ...change })).toBe(false);
    expect(isSame(outcome, { ...outcome, requests: 2 })).toBe(true);
  });
});
