import { performance } from 'node:perf_hooks';
import type { Schema } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { OperationPlanner, type PlannedOperation } from './operation-planner.ts';

/**
 * How operations with `@defer` are planned. Fragments that are deferred are not merged, and every one of them multiplies
 * the plans there are to choose from; with the 10,000 that are looked at otherwise, twenty of them took minutes.
 */
export const DEFER_PLANNER_CONFIG: QueryPlannerConfig = {
  incrementalDelivery: { enableDefer: true },
  debug: { maxEvaluatedPlans: 50 },
};

/** What is planned, beside the document. */
export interface PlanningOptions {
  operationName: string | undefined;
  /** Whether there is `@defer` in the document. */
  defers: boolean;
  /** Labels of progressive `@override`s that are in effect. */
  overrides: readonly string[];
}

/** A plan, and what it took. */
export interface TimedPlan extends PlannedOperation {
  /** Milliseconds that planning took. */
  planning: number;
}

/** Plans operations of one supergraph, in the thread that calls it. */
export interface Planning {
  /**
   * Does what takes time of planning. The result can be sent to another thread.
   *
   * @throws UnplannableError, UnresolvableError, or GraphQLError for an operation that is not valid
   */
  build(document: DocumentNode, options: PlanningOptions): TimedPlan;
  /** Makes a plan that can be run of one that was built here, or in another thread. */
  complete(built: TimedPlan): TimedPlan;
}

/** Makes what plans operations for one supergraph. @param queryPlanner - not used for plans yet; it is changed */
export function createPlanning(queryPlanner: QueryPlanner, apiSchema: Schema): Planning {
  const planner = new OperationPlanner(queryPlanner, apiSchema);
  let deferring: OperationPlanner | undefined;
  const plannerFor = (defers: boolean): OperationPlanner => {
    if (!defers) return planner;
    // Made when it is first needed, as it takes as long as the loading of a supergraph.
    deferring ??= new OperationPlanner(
      new QueryPlanner(queryPlanner.supergraph, DEFER_PLANNER_CONFIG),
      apiSchema,
    );
    return deferring;
  };
  return {
    build(document, { operationName, defers, overrides }) {
      const start = performance.now();
      const built = plannerFor(defers).build(document, operationName, overrides);
      return { ...built, planning: performance.now() - start };
    },
    // What it takes is the same for all plans.
    complete: (built) => planner.complete(built),
  };
}
