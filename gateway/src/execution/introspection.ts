import { type DocumentNode, executeSync, type FieldNode, Kind } from 'graphql';
import type { OperationParts } from '../authorization/operation-requirements.ts';

/**
 * Answers a root field for introspection, `__schema` or `__type`, with what clients see.
 *
 * @param variables - the client's
 * @throws GraphQLError when it fails, which a valid operation does not
 */
export function introspect(
  { schema, operation, fragments }: OperationParts,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [field] } },
      ...fragments.values(),
    ],
  };
  const { data, errors } = executeSync({ schema, document, rootValue: {}, variableValues: variables });
  if (errors?.[0]) throw errors[0];
  return data?.[(field.alias ?? field.name).value];
}
