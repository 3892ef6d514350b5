import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** Plans operations for one supergraph. */
export interface Planner {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** What the subgraphs have, all together. */
  readonly supergraphSchema: GraphQLSchema;
  /** @throws GraphQLError when the operation cannot be planned */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/** What `ApolloGateway` makes of a supergraph and keeps to itself; its executor has no other way to it either. */
interface GatewayParts {
  schema?: GraphQLSchema;
  supergraphSchema?: GraphQLSchema;
  apiSchema?: Schema;
  queryPlanner?: QueryPlanner;
}

/**
 * Takes the planner of the supergraph that a gateway has loaded.
 *
 * @throws Error when the gateway has loaded none, or is of a version that keeps it elsewhere
 */
export function plannerOf(gateway: ApolloGateway): Planner {
  const { schema, supergraphSchema, apiSchema, queryPlanner } = gateway as unknown as GatewayParts;
  if (!schema || !supergraphSchema || !apiSchema || !queryPlanner) {
    throw new Error('the gateway has no query planner where it was in @apollo/gateway 2.14');
  }
  return {
    apiSchema: schema,
    supergraphSchema,
    plan: (document, operationName) =>
      queryPlanner.buildQueryPlan(
        operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName }),
      ),
  };
}
