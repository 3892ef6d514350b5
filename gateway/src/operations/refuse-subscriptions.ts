import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import { refusal } from '../errors/gateway-error.ts';

/** A request and its one answer cannot carry a subscription; says so in place of failing somewhere inside. */
export const refuseSubscriptions: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation?.operation !== 'subscription' || contextValue.acceptSubscription) return;
        throw refusal('SUBSCRIPTION_NOT_SUPPORTED');
      },
    };
  },
};
