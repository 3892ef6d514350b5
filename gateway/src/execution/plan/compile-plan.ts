import type { FetchNode, PlanNode, QueryPlanSelectionNode, ResponsePath } from '@apollo/query-planner';
import { type GraphQLSchema, Kind, type OperationTypeNode, parse } from 'graphql';
import type { Labelling } from '../../caching/labels/labelling.ts';
import { bodyStart } from '../../transport/subgraph-request.ts';
import { contextualFetch } from './contextual-fetch.ts';
import { entityFetch, rootFetch } from './fetch.ts';
import { compileRepresentations } from './representations.ts';
import { compileRewrites } from './rewrites.ts';
import { announced, condition, parallel, type Step, sequence } from './steps.ts';
import type { SubgraphOperation } from './subgraph-operation.ts';
import { representationsIn } from './varying-fetch.ts';

/** What a plan is compiled with. */
export interface PlanContext {
  /** The supergraph's schema, with what clients do not see. */
  schema: GraphQLSchema;
  /** What the client's operation is. */
  kind: OperationTypeNode;
  /** Gives an id to each fetch, always the same. */
  readonly idOf: (node: FetchNode) => string;
  /** Finds out what caches need to know of a fetch; null when nothing is kept. */
  readonly labelling: Labelling | null;
  /** Set when a fetch has arguments from what is around its entities. */
  hasContextual: boolean;
}

/**
 * Turns a query plan into steps that run it, any number of times.
 *
 * @throws Error for a node that only a whole plan can be
 */
export function compilePlan(node: PlanNode, context: PlanContext, path: ResponsePath = []): Step {
  switch (node.kind) {
    case 'Sequence':
      return sequence(node.nodes.map((part) => compilePlan(part, context, path)));
    case 'Parallel':
      return parallel(node.nodes.map((part) => compilePlan(part, context, path)));
    case 'Flatten':
      return compilePlan(node.node, context, [...path, ...node.path]);
    case 'Condition': {
      const [ifTrue, ifFalse] = [node.ifClause, node.elseClause].map((clause) =>
        clause ? compilePlan(clause, context, path) : null,
      );
      return condition(node.condition, ifTrue ?? null, ifFalse ?? null);
    }
    case 'Fetch':
      return compileFetch(node, context, path);
    case 'Defer':
      throw new Error('a query plan has @defer inside of a step');
  }
}

function compileFetch(node: FetchNode, context: PlanContext, path: ResponsePath): Step {
  const step = compileSending(node, context, path);
  return node.id === undefined ? step : announced(step, context.idOf(node));
}

function compileSending(node: FetchNode, context: PlanContext, path: ResponsePath): Step {
  const { schema, kind, idOf, labelling } = context;
  const contextual = [...new Set(node.contextRewrites?.map(({ renameKeyTo }) => renameKeyTo))];
  const labels = kind === 'query' ? (labelling?.(node.serviceName, node.operation) ?? null) : null;
  const query = labels?.query ?? node.operation;
  const operation: SubgraphOperation = {
    id: idOf(node),
    subgraph: node.serviceName,
    query,
    operationName: node.operationName,
    bodyStart: bodyStart(query, node.operationName),
    variables: (node.variableUsages ?? []).filter((name) => !contextual.includes(name)),
    contextual,
    safe: kind === 'query',
    labels,
  };
  const rewrite = compileRewrites(schema, node.outputRewrites);
  if (!node.requires) return rootFetch(operation, path, placeOf(node.operation, path), rewrite);
  const compile = (requires: readonly QueryPlanSelectionNode[]) =>
    compileRepresentations(schema, requires, node.inputRewrites);
  const fetch = {
    operation,
    path,
    representationsIn: representationsIn(node, node.requires, compile),
    rewrite,
  };
  if (!node.contextRewrites?.length) return entityFetch(fetch);
  context.hasContextual = true;
  return contextualFetch(fetch, schema, node.contextRewrites);
}

/** Where a fetch of root fields puts its data: one place when it is for one field only. */
function placeOf(query: string, path: ResponsePath): ResponsePath {
  const operation = parse(query, { noLocation: true }).definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION || path.includes('@')) return path;
  const [field, ...others] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || others.length > 0) return path;
  return [...path, (field.alias ?? field.name).value];
}
