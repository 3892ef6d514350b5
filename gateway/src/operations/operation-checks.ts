import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** A valid operation that is about to run. */
export interface AskedOperation {
  /** What clients see of the supergraph. */
  schema: GraphQLSchema;
  /** The document's text. */
  source: string;
  document: DocumentNode;
  /** The same object for as long as the operation is remembered: what is worked out for it can be kept by it. */
  operation: OperationDefinitionNode;
  /** As the client sent them; they may not fit their definitions. */
  variables: Readonly<Record<string, unknown>>;
  context: GatewayContext;
}

/**
 * Looks at an operation each time before it is run. It throws, or rejects with, a GraphQLError to refuse it, whose
 * `extensions.http` says how HTTP is to answer.
 *
 * @returns nothing when there is nothing to wait for, as it should be for most requests
 */
export type OperationCheck = (asked: AskedOperation) => Promise<void> | undefined;

/** Has Apollo Server make the checks; what is answered past it makes them itself. */
export const operationChecks = (checks: readonly OperationCheck[]): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, source, document, operation, request, contextValue }) {
        if (!operation) return;
        const variables = request.variables ?? {};
        const asked = { schema, source, document, operation, variables, context: contextValue };
        for (const check of checks) await check(asked);
      },
    };
  },
});

/**
 * Makes the checks, in their order.
 *
 * @returns why the operation is not to be run; undefined when it is
 */
export function refusalOf(
  checks: readonly OperationCheck[],
  asked: AskedOperation,
): GraphQLError | undefined | Promise<GraphQLError | undefined> {
  try {
    for (const [index, check] of checks.entries()) {
      const waiting = check(asked);
      if (waiting) {
        return waiting.then(() => refusalOf(checks.slice(index + 1), asked), toGraphQLError);
      }
    }
    return undefined;
  } catch (error) {
    return toGraphQLError(error);
  }
}

const toGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The operation could not be checked.', { originalError: error as Error });
