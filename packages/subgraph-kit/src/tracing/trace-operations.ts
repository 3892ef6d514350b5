import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { currentSpan, errorTypeOf } from '@tributary/platform';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../server/request-context.ts';

/** The loaders of a request, where its context has any. */
interface WithLoaders {
  loaders?: Readonly<Record<string, { name?: string | null }>>;
}

/** Says in a request's span what it asked for, and how that went; and has its loaders know their names. */
export const traceOperations: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    const span = currentSpan();
    if (!span) return;
    return {
      async didResolveOperation({ operation, operationName, contextValue }) {
        span.set({
          'graphql.operation.name': operationName ?? undefined,
          'graphql.operation.type': operation?.operation,
        });
        for (const [name, loader] of Object.entries((contextValue as WithLoaders).loaders ?? {}))
          loader.name = name;
      },
      async didEncounterErrors({ errors }) {
        const causes = errors.map(unwrapResolverError);
        span.set({ 'tributary.errors': errors.length, 'error.type': errorTypeOf(causes[0]) });
        const failure = causes.find(isFailure);
        if (failure !== undefined) span.fail(errorTypeOf(failure));
      },
    };
  },
};

/** A fault of ours, or of what we depend on; other GraphQLErrors are told to who asked on purpose. */
const isFailure = (error: unknown): boolean =>
  !(error instanceof GraphQLError) || FAILURES.has(String(error.extensions.code));

const FAILURES = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);
