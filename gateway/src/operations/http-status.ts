import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

/** Codes of a request that was well-formed HTTP and JSON, but whose GraphQL could not be executed. */
const REQUEST_ERRORS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * With the media type `application/json`, a well-formed request is answered with 200 even when its document or
 * variables are wrong; only `application/graphql-response+json` uses 400 (GraphQL over HTTP, section 6.4.1).
 */
export const legacyHttpStatus: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        if (response.http.status !== 400 || response.body.kind !== 'single') return;
        if (request.http?.headers.get('accept')?.includes('application/graphql-response+json')) return;
        const errors = response.body.singleResult.errors ?? [];
        if (errors.every(({ extensions }) => REQUEST_ERRORS.has(String(extensions?.code)))) {
          response.http.status = 200;
        }
      },
    };
  },
};
