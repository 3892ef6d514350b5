import type { DocumentNode } from 'graphql';
import { gatewayError } from '../errors/gateway-error.ts';
import type { PlanningOptions } from './planning/planning.ts';
import { UnplannableError, UnresolvableError } from './planning/planning-errors.ts';
import { fetchedRootField } from './planning/root-fields.ts';

/**
 * What is thrown for an operation that cannot be planned. What the planner says is not for clients.
 *
 * @returns the error itself when it is of another kind
 */
export function planningFailure(
  error: unknown,
  document: DocumentNode,
  { operationName }: Pick<PlanningOptions, 'operationName'>,
): unknown {
  if (error instanceof UnplannableError) {
    return gatewayError('QUERY_PLANNING_FAILED', { originalError: error });
  }
  const field = error instanceof UnresolvableError ? fetchedRootField(document, operationName) : undefined;
  if (!field) return error;
  return gatewayError('UNRESOLVABLE_SELECTION', {
    values: { field: field.name.value },
    nodes: [field],
    path: [(field.alias ?? field.name).value],
  });
}
