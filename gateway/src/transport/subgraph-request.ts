import type { TraceHeaders } from '@tributary/platform';
import type { HttpTrace } from './http-trace.ts';

/** One GraphQL operation for a subgraph. */
export interface SubgraphRequest {
  query: string;
  operationName: string | undefined;
  /** The body up to the values of the variables; see `bodyStart`. */
  bodyStart: string;
  /** The values of the variables, an object as JSON text. */
  variablesJson: string;
  /** How many entities are asked for under `_entities`; undefined when none are, or under other names. */
  entities: number | undefined;
  /** It changes nothing: it may be sent again when the connection broke, and dropped when the client is gone. */
  safe: boolean;
  /** Where to note how it goes; absent when nobody wants to know. */
  trace?: HttpTrace;
  /** Of the request's own span; absent when it has none. */
  traceHeaders?: TraceHeaders;
}

/** The body of a request up to the values of its variables, which is the same each time that an operation is sent. */
export const bodyStart = (query: string, operationName: string | undefined): string =>
  `{"query":${JSON.stringify(query)},"operationName":${JSON.stringify(operationName ?? null)},"variables":`;

/** The body of a request. */
export const bodyOf = ({ bodyStart: start, variablesJson }: SubgraphRequest): string =>
  `${start}${variablesJson}}`;

/** A request for an operation that is not compiled. */
export function requestFor(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  { operationName, safe }: { operationName?: string | undefined; safe: boolean },
): SubgraphRequest {
  const { representations } = variables;
  return {
    query,
    operationName,
    bodyStart: bodyStart(query, operationName),
    variablesJson: JSON.stringify(variables),
    entities: Array.isArray(representations) ? representations.length : undefined,
    safe,
  };
}
