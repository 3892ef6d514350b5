import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { groupByContext } from './contexts.ts';
import { type EntityFetch, fetchEntities } from './fetch.ts';
import { parallel, type Step } from './steps.ts';

/**
 * Fetches fields whose arguments are from what is around the entities (`@fromContext`): entities with the same arguments
 * at once, and all in one request, as they become ready together.
 */
export const contextualFetch = (
  fetch: EntityFetch,
  schema: GraphQLSchema,
  rewrites: readonly FetchDataKeyRenamer[],
): Step => ({
  run(execution, done) {
    const groups = groupByContext(schema, execution.data, fetch.path, rewrites);
    const steps = groups.map(
      ({ targets, values }): Step => ({
        run: (_, groupDone) => fetchEntities(fetch, execution, targets, groupDone, values),
      }),
    );
    parallel(steps).run(execution, done);
  },
});
