import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { awaitedFetches, fetchesIn } from './awaited-fetches.ts';
import { compilePlan, type PlanContext } from './compile-plan.ts';
import type { Step } from './steps.ts';

/** A compiled plan: what the answer needs first, and what may come later. */
export interface CompiledPlan {
  /** Null when nothing has to be fetched. */
  step: Step | null;
  /** The fetches in the step that deferred parts may depend on. */
  fetchIds: readonly string[];
  deferred: readonly DeferredPlan[];
}

/** What fetches a part of the answer that is deferred, in which others can be deferred again. */
export interface DeferredPlan {
  /** The number of its `@defer`. */
  part: string;
  /** The fetches that have to be over before. */
  depends: readonly string[];
  plan: CompiledPlan;
}

/**
 * Compiles a plan in which parts may be deferred.
 *
 * @param node - undefined when there is nothing to fetch
 * @param around - the fetches of what the plan is a deferred part of
 */
export function compileDeferring(
  node: PlanNode | undefined,
  context: PlanContext,
  around: readonly FetchNode[] = [],
): CompiledPlan {
  const primary = node?.kind === 'Defer' ? node.primary.node : node;
  const step = primary ? compilePlan(primary, context) : null;
  const own = fetchesIn(primary);
  const fetches = [...around, ...own];
  const deferred = node?.kind === 'Defer' ? node.deferred : [];
  return {
    step,
    fetchIds: own.map(context.idOf),
    deferred: deferred.map((part): DeferredPlan => {
      if (part.label === undefined) throw new Error('a deferred part of a query plan has no label');
      const depends = awaitedFetches(part, fetches).map(context.idOf);
      return { part: part.label, depends, plan: compileDeferring(part.node, context, fetches) };
    }),
  };
}
