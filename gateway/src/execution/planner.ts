import { createHash } from 'node:crypto';
import type { Schema, Supergraph } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import { QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { withDefer } from './defer/directive.ts';
import { OperationPlanner, type PlannedOperation } from './planning/operation-planner.ts';

/**
 * How operations with `@defer` are planned. Fragments that are deferred are not merged, and every one of them multiplies
 * the plans there are to choose from; with the 10,000 that are looked at otherwise, twenty of them took minutes.
 */
export const DEFER_PLANNER_CONFIG: QueryPlannerConfig = {
  incrementalDelivery: { enableDefer: true },
  debug: { maxEvaluatedPlans: 50 },
};

/** Plans operations for one supergraph. */
export interface Planner {
  /** What clients see; with `@defer`. */
  readonly apiSchema: GraphQLSchema;
  /** What the subgraphs have, all together. */
  readonly supergraphSchema: GraphQLSchema;
  /** The supergraph with its subgraphs, as the planner knows them. */
  readonly supergraph: Supergraph;
  readonly supergraphSdl: string;
  /** Tells supergraphs apart. */
  readonly version: string;
  /**
   * Whether `@defer` can be planned. With `@interfaceObject` the planner runs in circles on some operations, until it has
   * no memory left; nothing is deferred there.
   */
  readonly canDefer: boolean;
  /**
   * Plans an operation.
   *
   * @param defers - whether there is `@defer` in the document
   * @param overrides - labels of progressive `@override`s that are in effect
   * @throws GraphQLError when the operation cannot be planned
   */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    defers: boolean,
    overrides: readonly string[],
  ): PlannedOperation;
}

/** What `ApolloGateway` makes of a supergraph and keeps to itself; its executor has no other way to it either. */
interface GatewayParts {
  schema?: GraphQLSchema;
  supergraphSchema?: GraphQLSchema;
  apiSchema?: Schema;
  queryPlanner?: QueryPlanner;
  supergraphSdl?: string;
}

/**
 * Takes the planner of the supergraph that a gateway has loaded.
 *
 * @throws Error when the gateway has loaded none, or is of a version that keeps it elsewhere
 */
export function plannerOf(gateway: ApolloGateway): Planner {
  const parts = gateway as unknown as GatewayParts;
  const { schema, supergraphSchema, apiSchema, queryPlanner, supergraphSdl } = parts;
  if (!schema || !supergraphSchema || !apiSchema || !queryPlanner || supergraphSdl === undefined) {
    throw new Error('the gateway has no query planner where it was in @apollo/gateway 2.14');
  }
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
    apiSchema: withDefer(schema),
    supergraphSchema,
    supergraph: queryPlanner.supergraph,
    supergraphSdl,
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    canDefer: !/\bisInterfaceObject:\s*true\b/.test(supergraphSdl),
    plan: (document, operationName, defers, overrides) =>
      plannerFor(defers).plan(document, operationName, overrides),
  };
}
