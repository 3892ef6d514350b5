import type { FastifyInstance } from 'fastify';
import type { TraceRequest } from './trace-requests.ts';

/**
 * Serves what a subgraph has beside GraphQL, such as webhooks, each request in a trace: what it changes and the jobs that it
 * adds are parts of that.
 *
 * @param traceRequest - absent when nothing is traced
 */
export function traceRoutes(
  app: FastifyInstance,
  routes: (app: FastifyInstance) => void,
  traceRequest: TraceRequest | undefined,
): void {
  if (!traceRequest) {
    routes(app);
    return;
  }
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      const { handler } = route;
      route.handler = function (request, reply) {
        return traceRequest(request, reply, () => handler.call(this, request, reply));
      };
    });
    routes(scope);
  });
}
