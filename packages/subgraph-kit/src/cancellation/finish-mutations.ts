import type { ApolloServerPlugin } from '@apollo/server';
import { currentCancellation } from './cancellation.ts';

/**
 * Has a mutation that begins run to its end, whoever waits for it: half of a change is worse than a change that nobody was
 * told of. One whose request ended before is not begun.
 */
export const finishMutations: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        const cancellation = currentCancellation();
        if (!cancellation || operation?.operation !== 'mutation') return;
        cancellation.signal.throwIfAborted();
        cancellation.disarm();
      },
    };
  },
};
