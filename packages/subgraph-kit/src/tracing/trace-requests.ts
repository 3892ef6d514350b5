import type { IncomingHttpHeaders } from 'node:http';
import { type Tracing, traceHeadersOf, withTrace } from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers a request as a part of its trace. */
export type TraceRequest = <Answer>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: () => Answer | PromiseLike<Answer>,
) => Promise<Answer>;

/**
 * Prepares the tracing of requests.
 *
 * @param isSigned - whether a request is the gateway's or a service's: only then does it go on with the trace that it names
 */
export const createTraceRequest =
  (tracing: Tracing, isSigned: (headers: IncomingHttpHeaders) => Promise<boolean>): TraceRequest =>
  async (request, reply, answer) => {
    const { headers, method, routeOptions } = request;
    const { url: route = '' } = routeOptions;
    const parent = traceHeadersOf(headers);
    const trace = tracing.begin(`${method} ${route}`, {
      kind: 'server',
      parent: parent && (await isSigned(headers)) ? parent : null,
      attributes: { 'http.request.method': method, 'url.path': route, 'http.route': route },
    });
    const { span } = trace;
    if (span) {
      reply.raw.once('close', () => {
        const { statusCode, writableFinished } = reply.raw;
        if (writableFinished) span.set({ 'http.response.status_code': statusCode });
        else span.fail('cancelled');
        if (statusCode >= 500) span.fail(String(statusCode));
        span.end();
      });
    }
    return withTrace(trace, answer);
  };
