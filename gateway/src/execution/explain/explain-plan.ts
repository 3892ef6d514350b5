import type { DeferredNode, FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import type { ExplainedLaterPart, ExplainedNode } from '@tributary/explorer';
import { awaitedFetches, fetchesIn } from '../plan/awaited-fetches.ts';

/** What is told with a plan. */
export interface PlanNames {
  /** What each fetch is called where it runs. */
  ids: ReadonlyMap<FetchNode, string>;
  /** The clients' labels of the parts that are deferred, by the numbers of these. */
  labels: readonly (string | undefined)[];
}

/**
 * A query plan as it is told to who asks.
 *
 * @param path - where the data of the node go
 * @param around - the fetches of what the node is a deferred part of
 */
export function explainPlan(
  node: PlanNode,
  names: PlanNames,
  path: ResponsePath = [],
  around: readonly FetchNode[] = [],
): ExplainedNode {
  const explain = (part: PlanNode) => explainPlan(part, names, path);
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map(explain) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map(explain) };
    case 'Flatten':
      return explainPlan(node.node, names, [...path, ...node.path]);
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ifTrue: node.ifClause ? explain(node.ifClause) : null,
        ifFalse: node.elseClause ? explain(node.elseClause) : null,
      };
    case 'Fetch':
      return {
        kind: 'fetch',
        id: names.ids.get(node) ?? '',
        subgraph: node.serviceName,
        of: node.requires ? 'entities' : 'root',
        path,
        query: node.operation,
      };
    case 'Defer': {
      const fetches = [...around, ...fetchesIn(node.primary.node)];
      return {
        kind: 'defer',
        first: node.primary.node ? explain(node.primary.node) : null,
        later: node.deferred.map((part) => explainLater(part, names, fetches)),
      };
    }
  }
}

function explainLater(
  part: DeferredNode,
  names: PlanNames,
  around: readonly FetchNode[],
): ExplainedLaterPart {
  const { label, queryPath, node } = part;
  return {
    label: names.labels[Number(label)] ?? null,
    path: queryPath,
    after: awaitedFetches(part, around).map((fetch) => names.ids.get(fetch) ?? ''),
    node: node ? explainPlan(node, names, [], around) : null,
  };
}
