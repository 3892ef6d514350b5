import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** A GET changes nothing (RFC 9110, section 9.2.1); Apollo Server sees to that, but for one that it knows as a POST. */
export const refuseUnsafe: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation?.operation !== 'mutation' || !contextValue.isSafe) return;
        throw new GraphQLError('A mutation takes a POST.', {
          extensions: {
            code: 'BAD_REQUEST',
            http: { status: 405, headers: new HeaderMap([['allow', 'POST']]) },
          },
        });
      },
    };
  },
};
