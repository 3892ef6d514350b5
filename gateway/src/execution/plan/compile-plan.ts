import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { type GraphQLSchema, Kind, type OperationTypeNode, parse } from 'graphql';
import { bodyStart } from '../../transport/subgraph-request.ts';
import { entityFetch, rootFetch } from './fetch.ts';
import { compileRepresentations } from './representations.ts';
import { compileRewrites } from './rewrites.ts';
import { condition, parallel, type Step, sequence } from './steps.ts';
import type { SubgraphOperation } from './subgraph-operation.ts';

/** What a plan is compiled with. */
export interface PlanContext {
  /** The supergraph's schema, with what clients do not see. */
  schema: GraphQLSchema;
  /** What the client's operation is. */
  kind: OperationTypeNode;
  /** Gives an id to each fetch. */
  nextId(): string;
}

/**
 * Turns a query plan into steps that run it, any number of times.
 *
 * @throws Error for a node that a plan without `@defer` and subscriptions does not have
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
      throw new Error('a query plan with @defer cannot be run');
  }
}

function compileFetch(node: FetchNode, { schema, kind, nextId }: PlanContext, path: ResponsePath): Step {
  const operation: SubgraphOperation = {
    id: nextId(),
    subgraph: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    bodyStart: bodyStart(node.operation, node.operationName),
    variables: node.variableUsages ?? [],
    safe: kind === 'query',
  };
  const rewrite = compileRewrites(schema, node.outputRewrites);
  if (!node.requires) return rootFetch(operation, path, placeOf(node.operation, path), rewrite);
  return entityFetch(
    operation,
    path,
    compileRepresentations(schema, node.requires, node.inputRewrites),
    rewrite,
  );
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
