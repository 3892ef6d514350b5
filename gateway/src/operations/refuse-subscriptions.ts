import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** A request and its one answer cannot carry a subscription; says so in place of failing somewhere inside. */
export const refuseSubscriptions: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation?.operation !== 'subscription' || contextValue.acceptSubscription) return;
        throw new GraphQLError(
          'A subscription takes a WebSocket, or a request that accepts `text/event-stream`.',
          {
            extensions: { code: 'SUBSCRIPTION_NOT_SUPPORTED', http: { status: 400 } },
          },
        );
      },
    };
  },
};
