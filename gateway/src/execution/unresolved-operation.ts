import { type DocumentNode, GraphQLError, Kind } from 'graphql';

/**
 * Says which operation of a document is missing, in the words of graphql-js (GraphQL, "GetOperation"). An empty name is
 * a name that no operation has. Apollo Server gives it the code `OPERATION_RESOLUTION_FAILURE` and the status 400.
 */
export function unresolvedOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
): GraphQLError {
  if (operationName != null) return new GraphQLError(`Unknown operation named "${operationName}".`);
  return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    ? new GraphQLError('Must provide operation name if query contains multiple operations.')
    : new GraphQLError('Must provide an operation.');
}
