import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, statusOf } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { GRAPHQL_PATH } from './graphql-path.ts';

/** What is said about a request that never became a GraphQL operation, by the HTTP status that Fastify has for it. */
const REFUSALS: Readonly<Record<number, { code: ErrorCode; message?: string }>> = {
  400: { code: 'BAD_REQUEST', message: 'The body of the request is not valid JSON.' },
  413: { code: 'PAYLOAD_TOO_LARGE' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE' },
};

/** Answers what Fastify refuses in the shape of a GraphQL response, never with HTML, a stack or a detail. */
export function registerErrorHandler(app: FastifyInstance): void {
  // A page of another site can send this type without asking first. JSON is what is taken, and nothing else.
  app.removeContentTypeParser('text/plain');
  // Read as it is, it would be told to be no JSON.
  app.addHook('preParsing', ({ headers }, reply, _payload, done) => {
    const { 'content-encoding': encoding = 'identity' } = headers;
    if (encoding.toLowerCase() === 'identity') return done();
    reply.header('accept-encoding', 'identity'); // RFC 9110, section 12.5.3
    refuse(reply, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without Content-Encoding.');
  });
  app.setNotFoundHandler((request, reply) => {
    const isEndpoint = request.url.split('?')[0] === GRAPHQL_PATH;
    if (isEndpoint) reply.header('allow', 'GET, POST');
    return refuse(reply, isEndpoint ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND');
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = REFUSALS[error.statusCode ?? 500];
    if (refusal) return refuse(reply, refusal.code, refusal.message);
    const { requestId } = request;
    request.log.error({ err: error, requestId }, 'a request failed');
    return reply
      .code(statusOf('INTERNAL_SERVER_ERROR'))
      .send(errorBody('INTERNAL_SERVER_ERROR', { extensions: { requestId } }));
  });
}

/** Fastify's `frameworkErrors`: a URL that cannot be decoded reaches no route, and no hook. */
export const refuseBadUrl = (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  refuse(reply, 'BAD_REQUEST', 'The URL of the request cannot be decoded.');
};

const refuse = (reply: FastifyReply, code: ErrorCode, message?: string): FastifyReply =>
  reply.code(statusOf(code)).send(errorBody(code, { ...(message !== undefined && { message }) }));
