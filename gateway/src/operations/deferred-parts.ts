import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { DeferredPart, DeferredParts } from '../execution/defer/later-parts.ts';
import type { Executor } from '../execution/executor.ts';
import { type ErrorFormatter, formattedOf } from '../security/error-masking.ts';
import { noteOrigin } from '../telemetry/error-origin.ts';
import { withoutRepetition } from './unique-errors.ts';

/**
 * Adds to an answer the parts of it that are deferred. Apollo Server then writes all of them as `multipart/mixed`, each
 * when it is there and the client has taken those before.
 */
export const deferredParts = (
  executor: Executor,
  formatError: ErrorFormatter,
): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        const deferred = executor.takeLater(contextValue);
        if (!deferred || response.body.kind !== 'single') return;
        const { hasNext, later } = deferred;
        const format = (error: GraphQLError) => {
          noteOrigin(error, contextValue.requestId);
          return formatError(formattedOf(error), error);
        };
        response.body = {
          kind: 'incremental',
          initialResult: { ...response.body.singleResult, hasNext },
          subsequentResults: payloads(later, format),
        };
      },
    };
  },
});

async function* payloads(later: DeferredParts, format: (error: GraphQLError) => GraphQLFormattedError) {
  for await (const { parts, hasNext } of later) {
    yield { incremental: parts.map((part) => payload(part, format)), hasNext };
  }
}

function payload(
  { label, place, data, errors, invalid }: DeferredPart,
  format: (error: GraphQLError) => GraphQLFormattedError,
) {
  return {
    ...(label !== undefined && { label }),
    path: place,
    data: JSON.parse(data) as Record<string, unknown> | null,
    ...(errors.length > 0 && { errors: withoutRepetition(errors.map(format)) }),
    ...(invalid.length > 0 && errors.length === 0 && { extensions: { valueCompletion: invalid } }),
  };
}
