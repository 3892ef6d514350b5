import { afterAll, describe, expect, it } from '@jest/globals';
import { checkCaching } from './caching.ts';
import { Comparison } from './comparison.ts';
import { NO_FAULTS } from './fake-subgraph.ts';
import { SHOP } from './shop.ts';
import { FEDERATIONS } from './supergraphs.ts';

/** 275 in all. */
const CASES = 25;
const SEED = 1;

const compared = { cases: 0, kept: 0 };

// A subgraph that fails on a key, which it is asked for here, is answered for otherwise than without caches.
describe('with entities and root fields that were kept', () => {
  it.each([...FEDERATIONS, SHOP].map((federation) => [federation.feature, federation] as const))(
    'answers are what they are without: %s',
    async (_, federation) => {
      const { cases, kept, difference } = await checkCaching(new Comparison(federation, NO_FAULTS), {
        cases: CASES,
        seed: SEED,
      });
      compared.cases += cases;
      compared.kept += kept;
      expect(difference).toBeNull();
    },
    120_000,
  );

  afterAll(() => {
    expect(compared.cases).toBe(CASES * (FEDERATIONS.length + 1));
    expect(compared.kept).toBeGreaterThan(compared.cases);
  });
});
