import type { ServerResponse } from 'node:http';
import { type Span, type TraceContext, type Tracing, traceHeadersOf } from '@tributary/platform';
import type { FastifyInstance } from 'fastify';
import { GRAPHQL_PATH } from '../../server/graphql-path.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where it stands in a trace; null when nothing is traced. */
    trace: TraceContext | null;
  }
}

/** What requests are traced with. */
export interface RequestTraceOptions {
  tracing: Tracing;
  /** Whether a request goes on with the trace that its client names. */
  trustsClients: boolean;
}

/**
 * Begins a trace, or goes on with one, for each GraphQL request. It is handed on by hand: an `AsyncLocalStorage` would make
 * every promise of the gateway dearer, also of the requests that are not recorded.
 */
export function registerTraces(app: FastifyInstance, options: RequestTraceOptions | null): void {
  app.decorateRequest('trace', null);
  if (!options) return;
  const { tracing, trustsClients } = options;
  app.addHook('onRequest', (request, { raw }, next) => {
    if (request.routeOptions.url === GRAPHQL_PATH) {
      const { method, headers, requestId } = request;
      const named = traceHeadersOf(headers);
      request.trace = tracing.begin(`${method} ${GRAPHQL_PATH}`, {
        kind: 'server',
        parent: trustsClients ? named : null,
        // Else a client would decide what is recorded.
        link: !trustsClients && named ? { headers: named, decides: false } : null,
        attributes: {
          'http.request.method': method,
          'url.path': GRAPHQL_PATH,
          'http.route': GRAPHQL_PATH,
          'tributary.request.id': requestId,
        },
      });
      if (request.trace.span) endWith(raw, request.trace.span);
    }
    next();
  });
}

function endWith(response: ServerResponse, span: Span): void {
  response.once('close', () => {
    if (response.writableFinished) span.set({ 'http.response.status_code': response.statusCode });
    else span.fail('cancelled');
    if (response.statusCode >= 500) span.fail(String(response.statusCode));
    span.end();
  });
}
