import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';

export const REQUEST_ID_HEADER = 'x-request-id';

const ACCEPTABLE = /^[\w.:-]{1,128}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Taken from `x-request-id` when it is fit to be logged, otherwise made here. */
    requestId: string;
  }
}

/** The id of a request with these headers. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}

/** Gives every request an id, and says it in the answer. */
export function registerRequestId(app: FastifyInstance): void {
  app.decorateRequest('requestId', '');
  app.addHook('onRequest', (request, reply, done) => {
    request.requestId = requestIdOf(request.headers);
    reply.header(REQUEST_ID_HEADER, request.requestId);
    done();
  });
}
