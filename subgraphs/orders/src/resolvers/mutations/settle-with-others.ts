import {
  type RequestContext,
  ServiceError,
  type Settled,
  settle,
  unavailable,
} from '@tributary/subgraph-kit';

/**
 * As `settle`, for what other services are asked for.
 *
 * @throws GraphQLError `SERVICE_UNAVAILABLE` when one gives no answer
 */
export async function settleWithOthers<Value>(
  { logger }: RequestContext,
  run: () => Promise<Value>,
): Promise<Settled<Value>> {
  try {
    return await settle(run);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    logger.warn({ err: error }, 'another service gave no answer');
    throw unavailable();
  }
}
