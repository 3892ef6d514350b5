import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { Kind, parse } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { cacheHintOf } from './cache-hint.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { SubgraphError } from './subgraph-error.ts';
import { requestFor } from './subgraph-request.ts';

type ProcessOptions = GraphQLDataSourceProcessOptions<GatewayContext>;
type ProcessResult = Awaited<ReturnType<GraphQLDataSource['process']>>;

/**
 * What `ApolloGateway` fetches with, in place of its `RemoteGraphQLDataSource`, which has no deadline, hands a
 * subgraph's HTTP error bodies to the client, and gives its fetcher no way to know the request it works for.
 */
export class RemoteDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #client: () => SubgraphClient;

  /** @param client - gives the client; it changes when a swap moves the subgraph */
  constructor(client: () => SubgraphClient) {
    this.#client = client;
  }

  /**
   * Sends one fetch of a query plan.
   *
   * @throws SubgraphError when the fetch failed as a whole, with the path of the fields it costs
   */
  async process(options: ProcessOptions): Promise<ProcessResult> {
    const { request } = options;
    const query = request.query ?? '';
    const incoming = 'incomingRequestContext' in options ? options.incomingRequestContext : undefined;
    const safe = incoming?.operation.operation === 'query';
    try {
      const { data, errors, cacheControl } = await this.#client().send(
        requestFor(query, request.variables, { operationName: request.operationName, safe }),
        options.context as GatewayContext,
      );
      incoming?.overallCachePolicy?.restrict(safe ? cacheHintOf(cacheControl) : { maxAge: 0 });
      return { ...(data !== undefined && { data }), ...(errors && { errors }) };
    } catch (error) {
      if (!(error instanceof SubgraphError)) throw error;
      const place = 'pathInIncomingRequest' in options ? options.pathInIncomingRequest : undefined;
      throw error.at(pathOf(place ?? [], query));
    }
  }
}

/**
 * Where in the client's operation a fetch would have put its data: the field it starts from, or the list that
 * field is in. A fetch of root fields has a path when it is for one field only.
 */
function pathOf(
  place: readonly (string | number)[],
  query: string,
): readonly (string | number)[] | undefined {
  if (place.length > 0) {
    const list = place.indexOf('@');
    return list === -1 ? place : place.slice(0, list);
  }
  const operation = parse(query, { noLocation: true }).definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const [field, ...others] = operation.selectionSet.selections;
  return field?.kind === Kind.FIELD && others.length === 0 ? [(field.alias ?? field.name).value] : undefined;
}
