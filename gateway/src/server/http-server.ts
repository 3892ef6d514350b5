import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { registerExplorer } from '@tributary/explorer';
import type { FastifyInstance } from 'fastify';
import type { ContextFactory, GatewayContext } from '../context.ts';
import type { DirectHandler } from '../operations/direct-handler.ts';
import { registerRequestId } from '../telemetry/request-id.ts';
import { requestScope } from '../telemetry/request-scope.ts';
import { registerErrorHandler } from './error-handler.ts';
import type { ExampleOperation } from './landing-page.ts';

/** Path of the GraphQL endpoint. */
export const GRAPHQL_PATH = '/graphql';

/** Largest body of a request. */
export const BODY_LIMIT = 100_000; // bytes

/** What the routes lead to. */
export interface Routes {
  apollo: ApolloServer<GatewayContext>;
  context: ContextFactory;
  /** Answers what it can without Apollo Server; null for nothing. */
  direct: DirectHandler | null;
  /** What the explorer starts with; null for no explorer. */
  explorer: ExampleOperation | null;
}

/** Adds the gateway's routes: GraphQL, and GraphiQL at `/explorer`. */
export async function registerRoutes(
  app: FastifyInstance,
  { apollo, context, direct, explorer }: Routes,
): Promise<void> {
  registerRequestId(app);
  registerErrorHandler(app);
  const handler = fastifyApolloHandler(apollo, { context });
  app.route({
    // Apollo Server answers every other method with 405 and the ones it allows.
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: GRAPHQL_PATH,
    handler(request, reply) {
      return requestScope.run(
        { requestId: request.requestId },
        async () => (await direct?.(request, reply)) ?? handler.call(app, request, reply),
      );
    },
  });
  if (explorer)
    await registerExplorer(app, { title: 'Tributary', endpoint: GRAPHQL_PATH, example: explorer });
}
