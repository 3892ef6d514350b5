import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse, print } from 'graphql';
import { withoutPlaces } from './clashing-aliases.ts';
import type { Comparison, PreparedOperation } from './comparison.ts';
import type { Outcome } from './outcome.ts';
import { OperationGenerator, type RandomOperation } from './random-operation.ts';

/** What was compared. */
export interface CheckResult {
  cases: number;
  /** Cases in which subgraphs had errors. */
  failing: number;
  /** Requests to subgraphs. */
  requests: { ours: number; apollos: number };
  /** A case that differs, for people to read; null when there is none. */
  difference: string | null;
}

/**
 * Runs random operations on random data with both executors.
 *
 * @param seed - of the operations and the data
 * @param shrink - whether to look for the smallest case that differs, which takes its time
 */
export async function check(
  comparison: Comparison,
  cases: number,
  seed: number,
  shrink = false,
): Promise<CheckResult> {
  const result: CheckResult = { cases: 0, failing: 0, requests: { ours: 0, apollos: 0 }, difference: null };
  const property = fc.asyncProperty(
    fc.gen(),
    fc.nat(3).map((number) => number === 0),
    fc.nat(1_000_000),
    async (draw, isClashing, data) => {
      const operation = new OperationGenerator(comparison.apiSchema, draw).generate();
      const prepared = prepareOrExplain(comparison, operation, isClashing);
      fc.pre(prepared !== null);
      if (!prepared) return;
      const ours = await comparison.ours(prepared.ours, data, prepared.clashing);
      const theirs = await comparison.apollos(prepared, data);
      const apollos = prepared.clashing ? withoutPlaces(theirs) : theirs;
      result.cases++;
      if (ours.errors.length > 0) result.failing++;
      result.requests.ours += ours.requests;
      result.requests.apollos += apollos.requests;
      const comparable = prepared.isReduced ? withoutMessages : unchanged;
      if (!isSame(comparable(ours), comparable(apollos)) || ours.misplaced.length > 0)
        throw new Error(explain(prepared, data, ours, apollos));
    },
  );
  const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed, endOnFailure: !shrink });
  if (failed) result.difference = `${comparison.feature}, seed ${seed}: ${(errorInstance as Error).message}`;
  return result;
}

/** An error may come once for each entity with us, and for each place with them: only what is said counts. */
export const isSame = (one: Outcome, other: Outcome): boolean =>
  isDeepStrictEqual(one.data, other.data) && isDeepStrictEqual(new Set(one.errors), new Set(other.errors));

/** An outcome in which it counts only whether there were errors. */
const withoutMessages = (outcome: Outcome): Outcome => ({
  ...outcome,
  errors: outcome.errors.length > 0 ? ['failed'] : [],
});

const unchanged = (outcome: Outcome): Outcome => outcome;

/** @throws Error with the operation, when only we cannot plan it */
function prepareOrExplain(comparison: Comparison, operation: RandomOperation, isClashing: boolean) {
  try {
    return comparison.prepare(operation, isClashing);
  } catch (error) {
    const { query, variables } = operation;
    const given = isClashing ? ', given with aliases that are names of fields' : '';
    const message = `${print(parse(query))}\n${JSON.stringify(variables)}${given}\n${error}`;
    throw new Error(message, { cause: error });
  }
}

function explain(
  { document, clashing, variables, plan, ours: { plan: ourPlan } }: PreparedOperation,
  data: number,
  ours: Outcome,
  apollos: Outcome,
) {
  const parts = { variables, data, plan: plan.node, ourPlan: ourPlan.node, ours, apollos };
  const given = clashing ? `as\n${print(clashing.document)}\n` : '';
  return `${print(document)}\n${given}${JSON.stringify(parts, null, 2)}`;
}
