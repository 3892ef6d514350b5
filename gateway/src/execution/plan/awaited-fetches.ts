import type { DeferredNode, FetchNode, PlanNode } from '@apollo/query-planner';

/** The fetches in a plan that deferred parts may depend on. */
export function fetchesIn(node: PlanNode | undefined): FetchNode[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesIn);
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Condition':
      return [...fetchesIn(node.ifClause), ...fetchesIn(node.elseClause)];
    case 'Fetch':
      return node.id === undefined ? [] : [node];
    case 'Defer':
      throw new Error('a query plan has @defer inside of a step');
  }
}

/**
 * The fetches that have to be over before a deferred part begins. Ids are not unique: in a mutation the planner may
 * begin anew with them, and a fetch can have been made two. All that have the id count. What is under
 * `@include(if: false)` the planner leaves out, but not what depends on it.
 *
 * @param fetches - of what the part is deferred from, and of all that this is in: so no part waits for itself
 */
export function awaitedFetches({ depends }: DeferredNode, fetches: readonly FetchNode[]): FetchNode[] {
  const ids = new Set<string | undefined>(depends.map(({ id }) => id));
  return fetches.filter(({ id }) => ids.has(id));
}
