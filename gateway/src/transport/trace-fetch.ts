import { errorTypeOf, type Span } from '@tributary/platform';
import { noteErrors } from '../telemetry/tracing/operation-attributes.ts';
import type { SubgraphAnswer } from './answer.ts';
import type { HttpTrace } from './http-trace.ts';
import type { SubgraphRequest } from './subgraph-request.ts';

/** Where a request goes to. */
export interface FetchTarget {
  /** Of the subgraph. */
  readonly name: string;
  readonly url: URL | null;
}

/**
 * Sends a request to a subgraph as a part of a span, with a span of its own.
 *
 * @throws what `send` throws, of which the span notes the code
 */
export async function followFetch(
  parent: Span,
  { name, url }: FetchTarget,
  operation: SubgraphRequest,
  send: (request: SubgraphRequest) => Promise<SubgraphAnswer>,
): Promise<SubgraphAnswer> {
  const http: HttpTrace = operation.trace ?? {
    attempts: 0,
    bytesOut: null,
    bytesIn: null,
    status: null,
    cache: 'none',
  };
  const span = parent.child(`fetch ${name}`, {
    kind: 'client',
    attributes: {
      'tributary.subgraph': name,
      'graphql.operation.name': operation.operationName,
      'tributary.fetch.kind': operation.query.includes('_entities(') ? 'entities' : 'root',
      'tributary.fetch.entities': operation.entities,
      'http.request.method': 'POST',
      'server.address': url?.hostname,
    },
  });
  try {
    const answer = await send({ ...operation, trace: http, traceHeaders: span.headers });
    noteErrors(span, answer.errors ?? []);
    return answer;
  } catch (error) {
    span.fail(errorTypeOf(error));
    throw error;
  } finally {
    span.set({
      'http.response.status_code': http.status ?? undefined,
      'http.request.resend_count': http.attempts > 1 ? http.attempts - 1 : undefined,
      'http.request.body.size': http.bytesOut ?? undefined,
      'http.response.body.size': http.bytesIn ?? undefined,
      'tributary.fetch.shared': http.cache === 'shared' || undefined,
    });
    span.end();
  }
}
