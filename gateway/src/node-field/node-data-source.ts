import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { execute, type GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SupergraphSnapshot } from '../supergraph/snapshot.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import { requestFor, type SubgraphRequest } from '../transport/subgraph-request.ts';
import { type ClientLookup, createExistenceLoader } from './existence.ts';
import { createNodeSchema, type NodeContext } from './node-schema.ts';

/** The `node` subgraph, answered here: `Query.node` and `Query.nodes` for every type that implements `Node`. */
export class NodeDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #snapshot: () => SupergraphSnapshot;
  readonly #clientOf: ClientLookup;
  readonly #schemas = new WeakMap<SupergraphSnapshot, GraphQLSchema>();

  /** @param snapshot - gives the supergraph that is in use; it changes while the gateway runs */
  constructor(snapshot: () => SupergraphSnapshot, clientOf: ClientLookup) {
    this.#snapshot = snapshot;
    this.#clientOf = clientOf;
  }

  /** Answers one fetch of a query plan. */
  async process(
    options: GraphQLDataSourceProcessOptions<GatewayContext>,
  ): Promise<Awaited<ReturnType<GraphQLDataSource['process']>>> {
    const { request } = options;
    if ('incomingRequestContext' in options) {
      options.incomingRequestContext.overallCachePolicy?.restrict({ maxAge: 0 });
    }
    const { data, errors } = await this.send(
      requestFor(request.query ?? '', request.variables, {
        operationName: request.operationName,
        safe: true,
      }),
      options.context as GatewayContext,
    );
    return { ...(data !== undefined && { data }), ...(errors && { errors }) };
  }

  /** Answers one request. Whether an object exists may depend on who asks, and no one said how long it stays true. */
  async send(
    { query, operationName, variablesJson }: SubgraphRequest,
    context: GatewayContext,
  ): Promise<SubgraphAnswer> {
    const contextValue: NodeContext = { existence: createExistenceLoader(this.#clientOf, context) };
    const { data, errors } = await execute({
      schema: this.#schema(),
      document: parse(query),
      operationName,
      variableValues: JSON.parse(variablesJson),
      contextValue,
    });
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: onePerCause(errors).map((error) => error.toJSON()) }),
      cacheControl: 'no-store',
    };
  }

  #schema(): GraphQLSchema {
    const snapshot = this.#snapshot();
    let schema = this.#schemas.get(snapshot);
    if (!schema) {
      schema = createNodeSchema(snapshot.nodeOwners);
      this.#schemas.set(snapshot, schema);
    }
    return schema;
  }
}

/** One failed request is one error, however many ids it was about. */
function onePerCause(errors: readonly GraphQLError[]): GraphQLError[] {
  return [
    ...new Map(errors.map((error) => [error.originalError ?? error, error] as const).reverse()).values(),
  ].reverse();
}
