import type { FastifyRequest } from 'fastify';
import type { Executor } from '../execution/executor.ts';
import type { CompiledOperation } from '../execution/operation.ts';
import { isObject } from '../execution/plan/objects.ts';
import type { VariableLimits } from '../limits/variables.ts';
import type { KnownQueries } from './known-queries.ts';
import { isPreflighted, parametersOf } from './url-parameters.ts';

/** A request that can be answered directly. */
export interface DirectRequest {
  /** The document's text. */
  source: string;
  operation: CompiledOperation;
  variables: Readonly<Record<string, unknown>>;
  /** Media type of the answer. */
  mediaType: string;
  /** Whether an equal request would still be one for the same operation. */
  isCurrent(): boolean;
}

/** What requests are read with. */
export interface DirectRequestOptions {
  executor: Executor;
  queries: KnownQueries;
  /** Variables that it refuses are not looked at any further. */
  limits: VariableLimits;
}

/** Reads a request. @returns undefined when Apollo Server is to answer it */
export function readDirectRequest(
  request: FastifyRequest,
  { executor, queries, limits }: DirectRequestOptions,
): DirectRequest | undefined {
  const { method, headers } = request;
  const mediaType = mediaTypeFor(headers.accept);
  if (!mediaType || executor.isInspected(headers)) return undefined;
  const parameters = parametersIn(request);
  if (!isObject(parameters)) return undefined;
  const { operationName, variables } = parameters;
  if (typeof (operationName ?? '') !== 'string' || !isObject(variables ?? {})) return undefined;
  const name = (operationName as string | null | undefined) ?? undefined;
  const values = (variables ?? {}) as Record<string, unknown>;
  const find = () => {
    const source = textOf(parameters, queries);
    if (source === undefined) return undefined;
    const operation = executor.find(source, name);
    return operation && { source, operation };
  };
  const found = find();
  if (!found) return undefined;
  const { source, operation } = found;
  if (operation.source || limits(values) || operation.errorsIn(values)) return undefined;
  const { operation: kind, name: defined } = operation.operation;
  if ((method !== 'POST' && kind !== 'query') || (name !== undefined && name !== defined?.value))
    return undefined;
  return {
    source,
    operation,
    variables: values,
    mediaType,
    isCurrent: () => find()?.operation === operation,
  };
}

function parametersIn(request: FastifyRequest): unknown {
  const { method, headers, body } = request;
  if (method === 'POST') return body;
  return (method === 'GET' || method === 'HEAD') && isPreflighted(headers)
    ? parametersOf(request)
    : undefined;
}

/** The text of the query, or of the persisted query with its hash. */
function textOf(parameters: Record<string, unknown>, queries: KnownQueries): string | undefined {
  const { query, extensions = null } = parameters;
  if (extensions !== null && !isObject(extensions)) return undefined;
  const persisted = extensions?.persistedQuery;
  if (!persisted) return typeof query === 'string' ? query : undefined;
  // One that comes with its text is to be registered.
  if ((query ?? undefined) !== undefined || !isObject(persisted) || persisted.version !== 1) return undefined;
  return typeof persisted.sha256Hash === 'string' ? queries.find(persisted.sha256Hash) : undefined;
}

/**
 * The media type that Apollo Server would answer with, for the `Accept` headers that clients have: what comes first is
 * what they want. @returns undefined for others
 */
function mediaTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return 'application/json';
  return /^(application\/(?:graphql-response\+)?json) *(?:,|$)/.exec(accept)?.[1];
}
