import { createHash } from 'node:crypto';
import type { Schema, Supergraph } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import type { QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { withDefer } from './defer/directive.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { createPlanning, type PlanningOptions, type TimedPlan } from './planning/planning.ts';
import { planningFailure } from './planning-failure.ts';

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
   * @returns a promise only where it is planned in another thread
   * @throws GraphQLError when the operation cannot be planned
   */
  plan(document: DocumentNode, options: PlanningOptions): MaybePromise<TimedPlan>;
  /** Makes a plan that can be run of one that was built in another thread. */
  complete(built: TimedPlan): TimedPlan;
  /** Resolves when it can plan without having to be made ready. @throws Error when it cannot be */
  ready(): Promise<void>;
  /** No longer keeps ready what it plans with; requests that need it still can have it. */
  retire(): void;
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
  const planning = createPlanning(queryPlanner, apiSchema);
  return {
    apiSchema: withDefer(schema),
    supergraphSchema,
    supergraph: queryPlanner.supergraph,
    supergraphSdl,
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    canDefer: !/\bisInterfaceObject:\s*true\b/.test(supergraphSdl),
    plan(document, options) {
      try {
        return planning.complete(planning.build(document, options));
      } catch (error) {
        throw planningFailure(error, document, options);
      }
    },
    complete: (built) => planning.complete(built),
    ready: async () => undefined,
    retire: () => undefined,
  };
}
