import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { ContextFactory, GatewayContext } from '../context.ts';
import { type Executor, PLAN_HEADER } from '../execution/executor.ts';
import type { CompiledOperation, OperationResult } from '../execution/operation.ts';
import { isObject } from '../execution/plan/objects.ts';
import type { ErrorFormatter } from '../security/error-masking.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { CachePolicy } from './cache-policy.ts';
import { withoutRepetition } from './unique-errors.ts';

/** What answers requests past Apollo Server. */
export interface DirectHandlerOptions {
  executor: Executor;
  context: ContextFactory;
  formatError: ErrorFormatter;
  metrics: GatewayMetrics;
}

/** A request that can be answered directly. */
interface DirectRequest {
  operation: CompiledOperation;
  variables: Readonly<Record<string, unknown>>;
  /** Media type of the answer. */
  mediaType: string;
}

/** Answers a request; it gives the body, or undefined when Apollo Server is to answer. */
export type DirectHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>;

/**
 * Answers a request directly when that is all there is to do: a POST of JSON with an operation that was compiled
 * before, and variables that fit it. It answers exactly as Apollo Server does, which is left to deal with the rest: new
 * and wrong operations, persisted queries, GET, pages.
 */
export function createDirectHandler({
  executor,
  context,
  formatError,
  metrics,
}: DirectHandlerOptions): DirectHandler {
  return async (request, reply) => {
    const direct = readRequest(request, executor);
    if (!direct) return undefined;
    // Who cannot be let in is told so by Apollo Server.
    const gatewayContext: GatewayContext | null = await context(request, reply).catch(() => null);
    if (!gatewayContext) return undefined;
    const start = performance.now();
    const { operation, variables, mediaType } = direct;
    const policy = new CachePolicy();
    const result = await executor.run(operation, {
      variables,
      context: gatewayContext,
      restrict: (hint) => policy.restrict(hint),
    });
    const failed = result.errors.length > 0;
    const body = toBody(result, (error) => formatError(formattedOf(error), error));
    const seconds = (performance.now() - start) / 1_000;
    metrics.observeOperation(operation.operation.operation, failed ? 'error' : 'ok', seconds);
    reply
      .header('content-type', `${mediaType}; charset=utf-8`)
      .header('cache-control', policy.header(failed));
    return body;
  };
}

function readRequest(
  { method, headers, body }: FastifyRequest,
  executor: Executor,
): DirectRequest | undefined {
  if (method !== 'POST' || !isObject(body) || headers[PLAN_HEADER] !== undefined) return undefined;
  const mediaType = mediaTypeFor(headers.accept);
  const { query, operationName, variables, extensions } = body;
  if (!mediaType || typeof query !== 'string' || (extensions ?? null) !== null) return undefined;
  if (typeof (operationName ?? '') !== 'string' || !isObject(variables ?? {})) return undefined;
  const operation = executor.find(query, (operationName as string | null | undefined) ?? undefined);
  const values = (variables ?? {}) as Record<string, unknown>;
  if (!operation || operation.errorsIn(values)) return undefined;
  return { operation, variables: values, mediaType };
}

/**
 * The media type that Apollo Server would answer with, for the `Accept` headers that clients have: what comes first is
 * what they want. @returns undefined for others
 */
function mediaTypeFor(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return 'application/json';
  return /^(application\/(?:graphql-response\+)?json) *(?:,|$)/.exec(accept)?.[1];
}

function toBody(
  { data, errors, invalid }: OperationResult,
  format: (error: GraphQLError) => GraphQLFormattedError,
): string {
  if (errors.length > 0) {
    return `{"errors":${JSON.stringify(withoutRepetition(errors.map(format)))},"data":${data}}\n`;
  }
  const extensions =
    invalid.length > 0 ? `,"extensions":${JSON.stringify({ valueCompletion: invalid })}` : '';
  return `{"data":${data}${extensions}}\n`;
}

/** As Apollo Server hands an error to its `formatError`. */
const formattedOf = (error: GraphQLError): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions },
});
