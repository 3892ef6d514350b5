import type { ApolloServerPlugin } from '@apollo/server';
import { currentReadScope, type ReadScope } from './read-scope.ts';

/**
 * Lets queries of clients read from replicas, and has a change noted before its answer leaves. Services ask in the course
 * of work: what they read is from the primary.
 *
 * @param noteWrite - never fails
 */
export const readRouting = (noteWrite: (scope: ReadScope) => Promise<void>): ApolloServerPlugin => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        const scope = currentReadScope();
        if (!scope) return;
        if (operation?.operation === 'query') scope.mayUseReplica = !scope.isService;
        if (operation?.operation === 'mutation') scope.hasWritten = true;
      },
      async willSendResponse() {
        const scope = currentReadScope();
        if (scope?.hasWritten) await noteWrite(scope);
      },
    };
  },
});
