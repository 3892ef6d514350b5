import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

/** No cache may keep an answer with errors, whatever these say: Apollo Server would let a browser keep some of its own. */
export const keepNoErrors: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { http, body } }) {
        if (body.kind === 'single' && body.singleResult.errors) http.headers.set('cache-control', 'no-store');
      },
    };
  },
};
