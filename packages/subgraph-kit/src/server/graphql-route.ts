import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { withCancellation } from '../cancellation/cancellation.ts';
import { followResponse } from '../cancellation/follow-response.ts';
import { type DocumentLimits, refuseDeepDocument } from '../limits/document-limits.ts';
import type { TraceRequest } from '../tracing/trace-requests.ts';
import { registerErrorHandler } from './error-handler.ts';

export interface GraphqlRouteOptions<Context extends object> {
  apollo: ApolloServer<Context>;
  limits: DocumentLimits;
  /** Has requests answered as parts of their traces; absent when nothing is traced. */
  traceRequest?: TraceRequest | undefined;
  /** Called for each request; what it throws is the answer. */
  createContext(request: FastifyRequest, reply: FastifyReply): Promise<Context>;
}

/** Serves GraphQL at `/graphql`. A request ends when nobody waits for its answer any more. */
export function serveGraphql<Context extends object>(
  app: FastifyInstance,
  { apollo, limits, traceRequest, createContext }: GraphqlRouteOptions<Context>,
): void {
  app.register(async (scope) => {
    registerErrorHandler(scope);
    const handle = fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        refuseDeepDocument(sourceOf(request), limits);
        return createContext(request, reply);
      },
    });
    scope.route({
      url: '/graphql',
      method: ['GET', 'POST', 'OPTIONS'],
      handler(request, reply) {
        const cancellation = followResponse(reply.raw);
        const answer = () => withCancellation(cancellation, () => handle.call(this, request, reply));
        return traceRequest ? traceRequest(request, reply, answer) : answer();
      },
    });
  });
}

const sourceOf = ({ body, query }: FastifyRequest): unknown =>
  ((body ?? query) as { query?: unknown } | null)?.query;
