import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { registerExplorer } from '@tributary/explorer';
import type { FastifyInstance } from 'fastify';
import type { ContextFactory, GatewayContext } from '../context.ts';
import { registerRequestId } from '../telemetry/request-id.ts';
import { requestScope } from '../telemetry/request-scope.ts';
import { registerErrorHandler } from './error-handler.ts';
import type { ExampleOperation } from './landing-page.ts';

/** Path of the GraphQL endpoint. */
export const GRAPHQL_PATH = '/graphql';

/** Largest body of a request. */
export const BODY_LIMIT = 100_000; // bytes

/** Adds the gateway's routes: GraphQL, and GraphiQL at `/explorer` when `explorer` is an example to start with. */
export async function registerRoutes(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  context: ContextFactory,
  explorer: ExampleOperation | null,
): Promise<void> {
  registerRequestId(app);
  registerErrorHandler(app);
  const handler = fastifyApolloHandler(apollo, { context });
  app.route({
    // Apollo Server answers every other method with 405 and the ones it allows.
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: GRAPHQL_PATH,
    handler(request, reply) {
      return requestScope.run({ requestId: request.requestId }, () => handler.call(app, request, reply));
    },
  });
  if (explorer)
    await registerExplorer(app, { title: 'Tributary', endpoint: GRAPHQL_PATH, example: explorer });
}
