import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { registerExplorer } from '@tributary/explorer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ContextFactory, GatewayContext } from '../context.ts';
import type { Guards } from '../guards.ts';
import { AnswerBody } from '../operations/answer-body.ts';
import type { DirectHandler } from '../operations/direct-handler.ts';
import { AnswerSender } from '../operations/send-answer.ts';
import type { HttpAdmission } from '../overload/http-admission.ts';
import { registerCors } from '../security/cors/register-cors.ts';
import type { CorsPolicy } from '../security/cors/settings.ts';
import { registerSecurityHeaders, type SecurityHeaderOptions } from '../security/headers.ts';
import type { EventStreamHandler } from '../subscriptions/event-stream/handler.ts';
import { withOrigin } from '../telemetry/error-origin.ts';
import { registerRequestId } from '../telemetry/request-id.ts';
import { type RequestTraceOptions, registerTraces } from '../telemetry/tracing/request-traces.ts';
import { type CacheHeaderOptions, registerCacheHeaders } from './cache-headers.ts';
import { registerCompression } from './compression.ts';
import { registerErrorHandler } from './error-handler.ts';
import { GRAPHQL_PATH } from './graphql-path.ts';
import type { ExampleOperation } from './landing-page.ts';
import type { Repeats } from './repeats/repeats.ts';

/** What the routes lead to. */
export interface Routes {
  /** Null when nothing is traced. */
  traces: RequestTraceOptions | null;
  apollo: ApolloServer<GatewayContext>;
  context: ContextFactory;
  /** Answers what it can without Apollo Server; null for nothing. */
  direct: DirectHandler | null;
  /** What is asked for has to pass them. */
  guards: Pick<Guards, 'register'>;
  /** Lets requests in; null for all. */
  admission: HttpAdmission | null;
  /** Answers again what it was told of; null where nothing is kept. */
  repeats: Repeats | null;
  /** Answers requests for event streams. */
  eventStreams: EventStreamHandler;
  /** What pages of other origins may do; null for nothing. */
  cors: CorsPolicy | null;
  securityHeaders: SecurityHeaderOptions;
  /** What the explorer starts with; null for no explorer. */
  explorer: ExampleOperation | null;
  /** Whether answers are compressed for clients that take it. */
  compresses: boolean;
  /** What decides about answers, for caches. */
  cacheHeaders: Omit<CacheHeaderOptions, 'path' | 'compresses'>;
  /** The header by which clients ask how an operation ran; null when they are not told. */
  explainHeader: string | null;
}

/** Adds the gateway's routes: GraphQL, GraphiQL at `/explorer`, and how operations run at `/explorer/explain`. */
export async function registerRoutes(
  app: FastifyInstance,
  {
    traces,
    apollo,
    context,
    direct,
    guards,
    admission,
    repeats,
    eventStreams,
    cors,
    securityHeaders,
    explorer,
    compresses,
    cacheHeaders,
    explainHeader,
  }: Routes,
): Promise<void> {
  registerRequestId(app);
  registerTraces(app, traces);
  registerSecurityHeaders(app, securityHeaders);
  await registerCors(app, cors);
  registerErrorHandler(app);
  guards.register(app);
  registerCacheHeaders(app, { ...cacheHeaders, path: GRAPHQL_PATH, compresses });
  if (compresses) registerCompression(app);
  repeats?.register(app);
  const sender = new AnswerSender(compresses);
  const handler = fastifyApolloHandler(apollo, {
    context: (request, reply) => withOrigin(request.requestId, () => context(request, reply)),
  });
  app.route({
    // Fastify adds HEAD, and every other method is answered with 405.
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    ...admission?.hooks,
    handler: async (request, reply) => {
      if (await eventStreams(request, reply)) {
        admission?.leave(request);
        return reply;
      }
      const answer = await direct?.(request, reply);
      if (answer?.repeat) repeats?.expect(request, answer.repeat);
      if (answer) return sender.send(request, reply, answer);
      const body = await handler.call(app, request.method === 'HEAD' ? asGet(request) : request, reply);
      if (isJson(reply) && typeof body === 'string')
        return sender.sendBody(request, reply, new AnswerBody(Buffer.from(body)));
      reply.header('referrer-policy', 'no-referrer');
      return body;
    },
  });
  if (explorer)
    await registerExplorer(app, {
      title: 'Tributary',
      endpoint: GRAPHQL_PATH,
      example: explorer,
      ...(explainHeader && { explainHeader }),
    });
}

/** A HEAD as Apollo Server, which does not know it, is to see it: a GET whose body Fastify will not send. */
const asGet = (request: FastifyRequest): FastifyRequest =>
  Object.create(request, { method: { value: 'GET' } }) as FastifyRequest;

const isJson = (reply: FastifyReply): boolean => String(reply.getHeader('content-type')).includes('json');
