import fc from 'fast-check';
import { print } from 'graphql';
import type { Comparison, PartedOutcome } from './comparison.ts';
import { OperationGenerator } from './random-operation.ts';

/** What was compared. */
export interface DeferringResult {
  cases: number;
  /** Payloads that came after the first ones. */
  later: number;
  /** A case that differs, for people to read; null when there is none. */
  difference: string | null;
}

/**
 * Runs random operations with random `@defer` in parts, and compares all parts together with the answer that comes
 * without `@defer`.
 */
export async function checkDeferring(
  comparison: Comparison,
  { cases, seed, shrink = false }: { cases: number; seed: number; shrink?: boolean },
): Promise<DeferringResult> {
  const result: DeferringResult = { cases: 0, later: 0, difference: null };
  const property = fc.asyncProperty(
    fc.gen(),
    fc.boolean(),
    fc.nat(1_000_000),
    async (draw, isClashing, data) => {
      const random = new OperationGenerator(comparison.apiSchema, draw, true).generate();
      const prepared = comparison.prepareDeferring(random, isClashing);
      fc.pre(prepared !== null);
      if (!prepared) return;
      const whole = await comparison.ours(prepared.whole, data);
      const parted = await comparison.oursInParts(prepared.parted, data);
      result.cases++;
      result.later += parted.payloads.length - 1;
      if (covers(parted.data, whole.data) && isComplete(parted)) return;
      const { variables, plan, document } = prepared.parted;
      const parts = { variables, data, plan: plan.node, whole, parted };
      throw new Error(`${random.query}\n${print(document)}\n${JSON.stringify(parts, null, 2)}`);
    },
  );
  const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed, endOnFailure: !shrink });
  if (failed) result.difference = `${comparison.feature}, seed ${seed}: ${(errorInstance as Error).stack}`;
  return result;
}

/**
 * Whether the parts have all that the whole has. They can have more: a value that is missing makes null of its part, and
 * of nothing above. What a field was given by `@requires` may have come beside what others require.
 */
export function covers(parted: unknown, whole: unknown): boolean {
  if (whole === null) return true;
  if (typeof whole === 'string') return typeof parted === 'string' && told(parted) === told(whole);
  if (typeof whole !== 'object') return parted === whole;
  if (typeof parted !== 'object' || parted === null) return false;
  return Object.entries(whole).every(([key, value]) =>
    covers((parted as Record<string, unknown>)[key], value),
  );
}

const told = (text: string): string => text.replace(/ of \[\[.*/s, '');

/** The last payload, and it alone, says that it is the last. */
const isComplete = ({ payloads }: PartedOutcome): boolean =>
  payloads.every(({ hasNext }, index) => hasNext === index < payloads.length - 1);
