import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Permission } from '../authorization/permission.ts';
import type { Recording } from '../caching/recording.ts';
import type { MadeAnswer, ResponseCache, ServedAnswer } from '../caching/responses/response-cache.ts';
import type { ContextFactory, GatewayContext } from '../context.ts';
import type { Executor } from '../execution/executor.ts';
import type { CompiledOperation } from '../execution/operation.ts';
import type { OperationResult } from '../execution/operation-run.ts';
import type { VariableLimits } from '../limits/variables.ts';
import { type ErrorFormatter, formattedOf } from '../security/error-masking.ts';
import { noteOrigin } from '../telemetry/error-origin.ts';
import { NO_CODES, type OperationReports } from '../telemetry/operation-reports.ts';
import { noteErrors, operationAttributes } from '../telemetry/tracing/operation-attributes.ts';
import type { CacheHint } from '../transport/cache-hint.ts';
import { AnswerBody } from './answer-body.ts';
import { CachePolicy } from './cache-policy.ts';
import { readDirectRequest } from './direct-request.ts';
import { codeOf } from './error-code.ts';
import type { KnownQueries } from './known-queries.ts';
import { type OperationCheck, refusalOf } from './operation-checks.ts';
import { refusedAnswer } from './refused-answer.ts';
import type { Answer, Repeat } from './send-answer.ts';
import { withoutRepetition } from './unique-errors.ts';

/** What answers requests past Apollo Server. */
export interface DirectHandlerOptions {
  executor: Executor;
  /** The persisted queries that Apollo Server answered before. */
  queries: KnownQueries;
  limits: VariableLimits;
  context: ContextFactory;
  formatError: ErrorFormatter;
  reports: OperationReports;
  /** Made before anything is run, or given from what is kept. */
  checks: readonly OperationCheck[];
  /** Keeps answers; null when they are not kept. */
  responses: ResponseCache | null;
}

/** Answers a request; undefined when Apollo Server is to answer. */
export type DirectHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<Answer | undefined>;

/**
 * Answers a request directly when that is all there is to do: a GET, or a POST of JSON, with an operation that was
 * compiled before or the hash of one, and variables that fit it. It answers exactly as Apollo Server does, which is left
 * to deal with the rest: new and wrong operations, the registration of persisted queries, pages.
 */
export function createDirectHandler({
  executor,
  queries,
  limits,
  context,
  formatError,
  reports,
  checks,
  responses,
}: DirectHandlerOptions): DirectHandler {
  return async (request, reply) => {
    const direct = readDirectRequest(request, { executor, queries, limits });
    if (!direct) return undefined;
    // Who cannot be let in is told so by Apollo Server.
    const gatewayContext: GatewayContext | null = await context(request, reply).catch(() => null);
    if (!gatewayContext) return undefined;
    const start = performance.now();
    const { source, operation: whole, variables, mediaType } = direct;
    const kind = whole.operation.operation;
    const span = gatewayContext.trace?.span;
    span?.set(operationAttributes(whole.operation, source));
    const asked = { ...partsOf(whole), source, variables, context: gatewayContext };
    const refuse = (refusals: readonly [GraphQLError, ...GraphQLError[]]): Answer => {
      if (span) noteErrors(span, refusals);
      const told = refusals.map((refusal) => {
        noteOrigin(refusal, gatewayContext.requestId);
        return formatError(formattedOf(refusal), refusal);
      });
      reports.answered(asked, told.map(codeOf), (performance.now() - start) / 1_000);
      return refusedAnswer(refusals[0], told, mediaType);
    };
    const refusal = await refusalOf(checks, asked);
    if (refusal) return refuse([refusal]);
    const permission = await permissionOf(executor, whole, variables, gatewayContext);
    // What is left of it for this viewer cannot be planned: Apollo Server tells why.
    if (!permission) return undefined;
    if (!permission.operation) return refuse(permission.errors);
    const { operation } = permission;
    const make = async (context: GatewayContext, recording?: Recording): Promise<MadeAnswer> => {
      const policy = new CachePolicy();
      const restrict = (hint: CacheHint) => policy.restrict(hint);
      const result = await executor.run(operation, { variables, context, restrict, recording });
      const failed = result.errors.length > 0;
      const codes: string[] | undefined = failed ? [] : undefined;
      if (span) noteErrors(span, result.errors);
      const text = toBody(result, (error) => {
        noteOrigin(error, context.requestId);
        const told = formatError(formattedOf(error), error);
        codes?.push(codeOf(told));
        return told;
      });
      return {
        body: new AnswerBody(text),
        // What a policy says is true for now, and for who asked.
        cacheControl: whole.dependsOnPolicies ? 'no-store' : policy.header(failed),
        codes: codes ?? NO_CODES,
        isWhole: !failed && result.invalid.length === 0,
      };
    };
    const isKept = responses && kind === 'query' && !whole.dependsOnPolicies;
    const { kept, ...answer }: GivenAnswer = isKept
      ? await responses.answer({ operation, variables, context: gatewayContext, make })
      : await make(gatewayContext);
    if (answer.state) span?.set({ 'tributary.cache': answer.state });
    reports.answered(asked, answer.codes, (performance.now() - start) / 1_000);
    // Who may have it is not asked of requests that are answered again.
    if (!responses || !kept || whole.requirements) return { ...answer, mediaType };
    const repeat: Repeat = {
      operation: operation.operation,
      source,
      ageFor: (address) => (direct.isCurrent() ? responses.ageFor(kept, address) : undefined),
    };
    return { ...answer, mediaType, repeat };
  };
}

/** What may be run for who asks, and nothing to wait for where policies need not be asked; undefined when it cannot be planned. */
function permissionOf(
  executor: Executor,
  ...asked: Parameters<Executor['permit']>
): Permission | undefined | Promise<Permission | undefined> {
  try {
    const permission = executor.permit(...asked);
    return permission instanceof Promise ? permission.catch(() => undefined) : permission;
  } catch {
    return undefined;
  }
}

const partsOf = ({ schema, document, operation }: CompiledOperation) => ({ schema, document, operation });

/** An answer that was made or kept. */
type GivenAnswer = Omit<ServedAnswer, 'state'> & Partial<Pick<ServedAnswer, 'state'>>;

/** The body of an answer. @param format - makes an error fit to be seen */
export function toBody(
  { data, errors, invalid }: OperationResult,
  format: (error: GraphQLError) => GraphQLFormattedError,
): Buffer {
  if (errors.length > 0) {
    const told = JSON.stringify(withoutRepetition(errors.map(format)));
    return Buffer.concat([Buffer.from(`{"errors":${told},"data":`), data, END]);
  }
  if (invalid.length === 0) return Buffer.concat([START, data, END]);
  const extensions = JSON.stringify({ valueCompletion: invalid });
  return Buffer.concat([START, data, Buffer.from(`,"extensions":${extensions}`), END]);
}

const START = Buffer.from('{"data":');
const END = Buffer.from('}\n');
