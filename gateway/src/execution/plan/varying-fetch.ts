import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Conditions } from '../conditions.ts';
import type { Execution } from '../execution.ts';
import type { Representation } from './representations.ts';

/** A fetch of entities of which the subgraph has to know more or less, by what of its fields is left out. */
export interface VaryingFetch extends FetchNode {
  /** The variables that decide what is left out. */
  readonly decidedBy: readonly string[];
  /** What is sent of the entities; null when all that would be fetched of them is left out. */
  requiresFor(this: void, conditions: Conditions): QueryPlanSelectionNode[] | null;
}

/** Gives the representations of entities by their type; null for types that a fetch is not for. */
export type RepresentationOf = (this: void, typename: unknown) => Representation | null;

/** Whether it varies what is sent of the entities. */
export const isVarying = (fetch: FetchNode): fetch is VaryingFetch => 'requiresFor' in fetch;

/** For a run in which nothing is to be fetched, of entities of any type. */
const nothing: RepresentationOf = () => null;

/**
 * Makes what gives the representations of a fetch for one run. They are compiled once, or once for each set of values of
 * the variables that decide about them.
 *
 * @param requires - what is sent of the entities when that does not vary
 * @param compile - makes what writes that
 */
export function representationsIn(
  fetch: FetchNode,
  requires: readonly QueryPlanSelectionNode[],
  compile: (requires: readonly QueryPlanSelectionNode[]) => RepresentationOf,
): (execution: Execution) => RepresentationOf {
  if (!isVarying(fetch)) {
    const representationOf = compile(requires);
    return () => representationOf;
  }
  const { decidedBy, requiresFor } = fetch;
  const byValues = new Map<string, RepresentationOf>();
  return (execution) => {
    const values = decidedBy.map((name) => [name, execution.isTrue(name)] as const);
    const key = values.map(([, value]) => Number(value)).join('');
    let representationOf = byValues.get(key);
    if (!representationOf) {
      const chosen = requiresFor(Object.fromEntries(values));
      representationOf = chosen ? compile(chosen) : nothing;
      byValues.set(key, representationOf);
    }
    return representationOf;
  };
}
