import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fields of `Query` by which a gateway composes and joins: they are not meant for clients. */
export const FEDERATION_FIELDS = ['_service', '_entities'] as const;

/** The fields of `Query` that tell the whole schema. */
export const INTROSPECTION_FIELDS = ['__schema', '__type'] as const;

/**
 * Refuses fields of `Query` to requests without a signature of the gateway or of a service: `FORBIDDEN`, with HTTP 403,
 * before anything is resolved. Which of them an operation has is found out once.
 *
 * @param names - of the fields
 */
export function signedFieldsOnly(names: readonly string[]): ApolloServerPlugin<{ isSigned: boolean }> {
  const guarded = new Set(names);
  const found = new WeakMap<OperationDefinitionNode, string | null>();
  const guardedFieldOf = (operation: OperationDefinitionNode, document: DocumentNode): string | null => {
    let field = found.get(operation);
    if (field === undefined) {
      field = rootFields(operation.selectionSet, document).find((name) => guarded.has(name)) ?? null;
      found.set(operation, field);
    }
    return field;
  };
  return {
    async requestDidStart({ contextValue }) {
      if (contextValue.isSigned) return;
      return {
        async didResolveOperation({ operation, document }) {
          const field = operation ? guardedFieldOf(operation, document) : null;
          if (field !== null) throw unsigned(field);
        },
      };
    },
  };
}

/** Names of all fields at the top of an operation, those in fragments included. */
function rootFields(selectionSet: SelectionSetNode, document: DocumentNode): string[] {
  const names: string[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const pending = [selectionSet];
  for (let set = pending.pop(); set; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.push(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        fragments.delete(selection.name.value); // once is enough
        if (fragment) pending.push(fragment.selectionSet);
      }
    }
  }
  return names;
}

const unsigned = (field: string) =>
  new GraphQLError(`\`${field}\` is for the gateway: the request is not signed.`, {
    extensions: { code: 'FORBIDDEN', http: { status: 403, headers: new HeaderMap() } },
  });
