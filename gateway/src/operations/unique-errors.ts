import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

/** Says a thing once: of errors that are alike to the last key, path included, only the first is kept. */
export const uniqueErrors: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        if (!singleResult.errors || singleResult.errors.length < 2) return;
        singleResult.errors = [
          ...new Map(singleResult.errors.map((error) => [JSON.stringify(error), error])).values(),
        ];
      },
    };
  },
};
