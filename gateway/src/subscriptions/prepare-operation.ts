import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { withOrigin } from '../telemetry/error-origin.ts';
import type { Listener, Stop } from './listener.ts';
import { ResultText } from './result-text.ts';
import type { Feeds } from './sharing/feeds.ts';

/** What became of a request for an operation. */
export type PreparedOperation =
  /** It is to be listened to. */
  | { kind: 'subscription'; listen(listener: Listener): Stop }
  /** It was run, and this is its result. */
  | { kind: 'result'; result: ResultText }
  /** It is not run: it is wrong, or not for this way. The body has the errors. */
  | {
      kind: 'refused';
      status: number;
      headers: HeaderMap;
      body: string;
      errors: readonly GraphQLFormattedError[];
    };

/** An operation as it would come over HTTP. */
export type OperationRequest = HTTPGraphQLRequest;

/** Prepares operations of one server. */
export type PrepareOperation = (
  request: OperationRequest,
  requestId: string,
  context: () => Promise<GatewayContext>,
) => Promise<PreparedOperation>;

/** A request of JSON. @param accept - the media type of its answer */
export const jsonRequest = (body: unknown, accept: string): OperationRequest => ({
  method: 'POST',
  headers: new HeaderMap([
    ['content-type', 'application/json'],
    ['accept', accept],
  ]),
  search: '',
  body,
});

/**
 * Has Apollo Server deal with an operation as with one that came over HTTP: persisted queries, limits, parsing,
 * validation, plugins, and the result of a query or a mutation. A subscription goes as far as to be known to be valid.
 *
 * @param feeds - what runs subscriptions; null when nothing does
 */
export function createPrepareOperation(
  apollo: ApolloServer<GatewayContext>,
  feeds: Feeds | null,
): PrepareOperation {
  return async (httpGraphQLRequest, requestId, createContext) => {
    const accepted: (() => Promise<(listener: Listener) => Stop>)[] = [];
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => {
        const context = await withOrigin(requestId, createContext);
        if (!feeds) return context;
        return {
          ...context,
          acceptSubscription: (subscription) =>
            void accepted.push(() => feeds.prepare(subscription, context)),
        };
      },
    });
    const [prepare] = accepted;
    if (prepare) return { kind: 'subscription', listen: await prepare() };
    if (body.kind !== 'complete') throw new Error('an answer in parts was not asked for');
    const answer = JSON.parse(body.string) as { data?: unknown; errors?: GraphQLFormattedError[] };
    if (answer.data !== undefined) return { kind: 'result', result: new ResultText(body.string) };
    return {
      kind: 'refused',
      status: status ?? 200,
      headers,
      body: body.string,
      errors: answer.errors ?? [],
    };
  };
}
