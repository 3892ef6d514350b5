import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** Of errors that are alike to the last key, path included, only the first. */
export const withoutRepetition = (errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] =>
  errors.length < 2
    ? [...errors]
    : [...new Map(errors.map((error) => [JSON.stringify(error), error])).values()];

/** Says a thing once: of errors that are alike only the first is kept. */
export const uniqueErrors: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        const { body } = response;
        const result = body.kind === 'single' ? body.singleResult : body.initialResult;
        if (result.errors) result.errors = withoutRepetition(result.errors);
      },
    };
  },
};
