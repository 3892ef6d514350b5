import type { Explanation } from '@tributary/explorer';
import type { OperationResult } from '../operation-run.ts';
import type { ExecutionResult } from './gateway.ts';

/** A result as Apollo Server takes it. @param told - what goes into its extensions */
export function toExecutionResult(
  { data, errors, invalid }: OperationResult,
  told: { __queryPlanExperimental?: string; explain?: Explanation },
): ExecutionResult {
  const extensions = {
    ...(invalid.length > 0 && errors.length === 0 && { valueCompletion: invalid }),
    ...told,
  };
  return {
    ...(errors.length > 0 && { errors }),
    data: JSON.parse(data.toString()),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
}
