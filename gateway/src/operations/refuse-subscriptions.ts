import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** A request and its one answer cannot carry a subscription; says so in place of failing somewhere inside. */
export const refuseSubscriptions: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'subscription') return;
        throw new GraphQLError('Subscriptions are not served over plain HTTP requests.', {
          extensions: { code: 'SUBSCRIPTION_NOT_SUPPORTED', http: { status: 400 } },
        });
      },
    };
  },
};
