import { createLogger, Registry } from '@tributary/platform';
import fc from 'fast-check';
import { print } from 'graphql';
import { createCacheMetrics } from '../../src/caching/store/cache-metrics.ts';
import { createCacheStores } from '../../src/caching/store/cache-stores.ts';
import { isSame } from './check.ts';
import type { Comparison, PreparedOperation } from './comparison.ts';
import { OperationGenerator } from './random-operation.ts';

/** What was compared. */
export interface CachingResult {
  cases: number;
  /** Entities and root fields that were kept from one run to another. */
  kept: number;
  /** A case that differs, for people to read; null when there is none. */
  difference: string | null;
}

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

/** Runs random operations on the same data twice, after others whose entities may be of use, and without a cache. */
export async function checkCaching(
  comparison: Comparison,
  { cases, seed, shrink = false }: { cases: number; seed: number; shrink?: boolean },
): Promise<CachingResult> {
  const result: CachingResult = { cases: 0, kept: 0, difference: null };
  const property = fc.asyncProperty(fc.gen(), fc.gen(), fc.nat(1_000_000), async (draw, other, data) => {
    const stores = createCacheStores({ logger, metrics: createCacheMetrics(new Registry()) });
    const store = stores.open('entities', 10_000_000);
    const [first, operation] = [other, draw].map((one) =>
      comparison.prepare(new OperationGenerator(comparison.apiSchema, one).generate(), false),
    );
    fc.pre(operation !== null && operation !== undefined);
    if (!operation) return;
    if (first) await comparison.oursKept(first.ours, data, store);
    const expected = await comparison.ours(operation.ours, data);
    for (const round of ['after another', 'again']) {
      const kept = await comparison.oursKept(operation.ours, data, store);
      result.kept += kept.kept;
      if (!isSame(kept, expected)) throw new Error(explain(round, data, operation, { expected, kept }));
    }
    result.cases++;
    await stores.close();
  });
  const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed, endOnFailure: !shrink });
  if (failed) result.difference = `${comparison.feature}, seed ${seed}: ${(errorInstance as Error).stack}`;
  return result;
}

function explain(round: string, data: number, operation: PreparedOperation, outcomes: object): string {
  const { document, variables, ours } = operation;
  const parts = { variables, data, plan: ours.plan.node, ...outcomes };
  return `${round}: ${print(document)}\n${JSON.stringify(parts, null, 2)}`;
}
