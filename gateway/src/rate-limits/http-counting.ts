import type { HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { ContextFactory, GatewayContext } from '../context.ts';
import { publicExtensions } from '../security/error-masking.ts';
import { clientAddressOf } from '../server/client-address.ts';
import { GRAPHQL_PATH } from '../server/graphql-path.ts';
import type { Asker } from './limits.ts';
import type { RateLimits } from './rate-limits.ts';
import { COUNTS_HEADER } from './refusal.ts';

/** Counts requests over HTTP that never become an operation. */
export interface HttpCounting {
  /** Has each request counted that is refused, and none read of who is over a limit. */
  register(app: FastifyInstance): void;
  /** Notes the contexts that are made: they tell who asks. */
  noting(make: ContextFactory): ContextFactory;
}

/**
 * Makes what counts requests that are refused for what they are: a body that is too large or no JSON, another media type,
 * parameters that are none, a token that is not valid. To refuse them costs something as well.
 */
export function createHttpCounting({ refusalOf, count }: RateLimits): HttpCounting {
  const contexts = new WeakMap<FastifyRequest, GatewayContext>();
  return {
    register(app) {
      app.addHook('preParsing', (request, reply, payload, done) => {
        if (request.method !== 'POST' || !isOfEndpoint(request)) return done(null, payload);
        // Whose token it is would have to be found out first.
        const identity = request.headers.authorization === undefined ? null : undefined;
        const refusal = refusalOf({ ...byAddress(request, reply), identity });
        if (!refusal) return done(null, payload);
        reply.send(answer(reply, refusal));
      });
      app.addHook('onSend', (request, reply, payload, done) => {
        if (!isOfEndpoint(request) || !isUncounted(reply)) return done(null, payload);
        const asker = contexts.get(request) ?? { ...byAddress(request, reply), identity: null };
        count(asker).then((refusal) => done(null, refusal ? answer(reply, refusal) : payload), done);
      });
    },
    noting: (make) => async (request, reply) => {
      const context = await make(request, reply);
      contexts.set(request, context);
      return context;
    },
  };
}

const isOfEndpoint = ({ url }: FastifyRequest): boolean => url.split('?')[0] === GRAPHQL_PATH;

/** Whether a request is refused for what it is, and for nothing that was counted. */
const isUncounted = (reply: FastifyReply): boolean =>
  reply.statusCode >= 400 &&
  reply.statusCode < 500 &&
  reply.statusCode !== 429 &&
  !reply.hasHeader(COUNTS_HEADER);

const byAddress = (request: FastifyRequest, reply: FastifyReply): Omit<Asker, 'identity'> => ({
  clientAddress: clientAddressOf(request),
  trace: request.trace,
  setHeader: (name, value) => void reply.header(name, value),
});

/** Makes an answer one that refuses. @returns its body */
function answer(reply: FastifyReply, { message, extensions }: GraphQLError): string {
  const { status, headers } = extensions.http as { status: number; headers: HeaderMap };
  for (const [name, value] of headers) reply.header(name, value);
  reply.code(status).type('application/json; charset=utf-8').removeHeader('content-length');
  return JSON.stringify({ errors: [{ message, extensions: publicExtensions(extensions) }] });
}
