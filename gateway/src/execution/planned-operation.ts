import { errorTypeOf, type Span } from '@tributary/platform';
import type { CompiledOperation } from './operation.ts';
import type { ClientOperation, OperationCache } from './operation-cache.ts';

/**
 * The compiled form of an operation; planning has a span, where the request has one and it was not planned before.
 *
 * @throws GraphQLError when it cannot be planned
 */
export async function getPlanned(
  operations: OperationCache,
  client: ClientOperation,
  parent: Span | null | undefined,
): Promise<CompiledOperation> {
  if (!parent || operations.has(client)) return operations.get(client);
  const span = parent.child('graphql.plan');
  try {
    return await operations.get(client);
  } catch (error) {
    span.fail(errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}
