import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import { refusal } from '../errors/gateway-error.ts';

/** A GET changes nothing (RFC 9110, section 9.2.1); Apollo Server sees to that, but for one that it knows as a POST. */
export const refuseUnsafe: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation?.operation !== 'mutation' || !contextValue.isSafe) return;
        throw refusal('BAD_REQUEST', {
          message: 'A mutation takes a POST.',
          status: 405,
          headers: { allow: 'POST' },
        });
      },
    };
  },
};
