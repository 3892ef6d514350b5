import '../telemetry/no-usage-reports.ts';
import { ApolloGateway } from '@apollo/gateway';
import { GraphQLError, parse, type SourceLocation, specifiedRules, validate } from 'graphql';
import { deferRules } from '../execution/defer/rules.ts';
import { OperationCache } from '../execution/operation-cache.ts';
import { plannerOf } from '../execution/planner.ts';
import { executableSdl } from '../supergraph/executable-supergraph.ts';
import type { PersistedOperation } from './manifest.ts';

/** Why an operation cannot be run. */
export interface OperationProblem {
  operation: PersistedOperation;
  message: string;
  /** In the operation's text, from 1. */
  location?: SourceLocation | undefined;
}

/** Compiled operations are not kept: each is looked at once. */
const CACHE_BYTES = 10_000_000;

/**
 * Finds out which operations a supergraph cannot run: each is parsed, validated, planned and compiled as for a request.
 *
 * @param sdl - of the supergraph
 * @throws Error when the supergraph itself cannot be loaded
 */
export async function checkOperations(
  sdl: string,
  operations: readonly PersistedOperation[],
): Promise<readonly OperationProblem[]> {
  const gateway = new ApolloGateway({
    supergraphSdl: executableSdl(sdl, { policies: true }),
    logger: SILENT,
  });
  await gateway.load();
  try {
    const cache = new OperationCache(plannerOf(gateway), { maxBytes: CACHE_BYTES });
    const problems: OperationProblem[] = [];
    for (const operation of operations) {
      const errors = await errorsOf(operation, cache);
      for (const { message, locations } of errors)
        problems.push({ operation, message, location: locations?.[0] });
    }
    return problems;
  } finally {
    await gateway.stop();
  }
}

/** It tells of its polling and its versions, which nobody asked for. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

async function errorsOf(
  { body, name }: PersistedOperation,
  cache: OperationCache,
): Promise<readonly GraphQLError[]> {
  try {
    const document = parse(body);
    const errors = validate(cache.apiSchema, document, [...specifiedRules, ...deferRules]);
    if (errors.length === 0) await cache.get({ source: body, document, operationName: name });
    return errors;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    const message = error instanceof Error ? error.message : String(error);
    return [new GraphQLError(`it cannot be planned: ${message}`)];
  }
}
