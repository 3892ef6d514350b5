import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { execute, type GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { readCacheTags, type SubgraphTags } from '../caching/labels/cache-tags.ts';
import type { GatewayContext } from '../context.ts';
import type { SupergraphSnapshot } from '../supergraph/snapshot.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import { cacheHintOf } from '../transport/cache-hint.ts';
import { requestFor, type SubgraphRequest } from '../transport/subgraph-request.ts';
import { type ClientLookup, createExistenceLoader } from './existence.ts';
import { createNodeCaching, type OwnerHint } from './node-caching.ts';
import { createNodeSchema, type NodeContext } from './node-schema.ts';

/** What one supergraph's objects are looked up with. */
interface NodeSupergraph {
  schema: GraphQLSchema;
  tagsOf: (subgraph: string) => SubgraphTags;
}

/** The `node` subgraph, answered here: `Query.node` and `Query.nodes` for every type that implements `Node`. */
export class NodeDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #snapshot: () => SupergraphSnapshot;
  readonly #clientOf: ClientLookup;
  readonly #hintOf: OwnerHint;
  readonly #supergraphs = new WeakMap<SupergraphSnapshot, NodeSupergraph>();

  /**
   * @param snapshot - gives the supergraph that is in use; it changes while the gateway runs
   * @param hintOf - how long an owner's answer may be kept
   */
  constructor(snapshot: () => SupergraphSnapshot, clientOf: ClientLookup, hintOf: OwnerHint) {
    this.#snapshot = snapshot;
    this.#clientOf = clientOf;
    this.#hintOf = hintOf;
  }

  /** Answers one fetch of a query plan. */
  async process(
    options: GraphQLDataSourceProcessOptions<GatewayContext>,
  ): Promise<Awaited<ReturnType<GraphQLDataSource['process']>>> {
    const { request } = options;
    const { data, errors, cacheControl } = await this.send(
      requestFor(request.query ?? '', request.variables, {
        operationName: request.operationName,
        safe: true,
      }),
      options.context as GatewayContext,
    );
    if ('incomingRequestContext' in options) {
      options.incomingRequestContext.overallCachePolicy?.restrict(cacheHintOf(cacheControl));
    }
    return { ...(data !== undefined && { data }), ...(errors && { errors }) };
  }

  /** Answers one request. That its objects exist may be kept as what their owners say of them. */
  async send(
    { query, operationName, variablesJson }: SubgraphRequest,
    context: GatewayContext,
  ): Promise<SubgraphAnswer> {
    const { schema, tagsOf } = this.#supergraph();
    const caching = createNodeCaching(this.#hintOf, tagsOf);
    const contextValue: NodeContext = {
      existence: createExistenceLoader(this.#clientOf, context, caching.note),
    };
    const { data, errors } = await execute({
      schema,
      document: parse(query),
      operationName,
      variableValues: JSON.parse(variablesJson),
      contextValue,
    });
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: onePerCause(errors).map((error) => error.toJSON()) }),
      ...caching.result,
    };
  }

  #supergraph(): NodeSupergraph {
    const snapshot = this.#snapshot();
    let known = this.#supergraphs.get(snapshot);
    if (!known) {
      known = {
        schema: createNodeSchema(snapshot.nodeOwners),
        tagsOf: readCacheTags(snapshot.sdl, 'Query'),
      };
      this.#supergraphs.set(snapshot, known);
    }
    return known;
  }
}

/** One failed request is one error, however many ids it was about. */
function onePerCause(errors: readonly GraphQLError[]): GraphQLError[] {
  return [
    ...new Map(errors.map((error) => [error.originalError ?? error, error] as const).reverse()).values(),
  ].reverse();
}
