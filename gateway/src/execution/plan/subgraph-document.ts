import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  separateOperations,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The document of a fetch, in which there is one operation. */
export interface SubgraphDocument {
  operation: OperationDefinitionNode;
  fragments: Fragments;
}

/** Reads the text of a fetch. @throws Error when there is no operation in it */
export function parseFetch(query: string): SubgraphDocument {
  const { definitions } = parse(query, { noLocation: true });
  const isOperation = (node: { kind: string }): node is OperationDefinitionNode =>
    node.kind === Kind.OPERATION_DEFINITION;
  const operation = definitions.find(isOperation);
  if (!operation) throw new Error('a fetch has no operation');
  const fragments = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  return { operation, fragments };
}

/** The document with other root selections, as a text, and the variables that it then uses. */
export function printFetch(
  { operation, fragments }: SubgraphDocument,
  selections: readonly SelectionNode[],
): { query: string; variables: string[] } {
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { ...operation.selectionSet, selections } },
      ...fragments.values(),
    ],
  };
  // It leaves out the fragments that are used no more.
  const [separated = document] = Object.values(separateOperations(document));
  const used = variablesIn(separated);
  const text = print(
    visit(separated, {
      OperationDefinition: (node) => ({
        ...node,
        variableDefinitions: (node.variableDefinitions ?? []).filter(({ variable }) =>
          used.has(variable.name.value),
        ),
      }),
    }),
  );
  return { query: stripIgnoredCharacters(text), variables: [...used] };
}

/** What stands in a fragment, and the type that it is for, when it says one. */
export function fragmentOf(
  selection: Exclude<SelectionNode, FieldNode>,
  fragments: Fragments,
): { selectionSet: SelectionSetNode; type: string | undefined } {
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
  if (!fragment) throw new Error('a fetch has a fragment that is not there');
  return { selectionSet: fragment.selectionSet, type: fragment.typeCondition?.name.value };
}

/** A fragment in place. @param type - its type condition, when it has one */
export const inlineFragment = (
  type: string | undefined,
  selections: readonly SelectionNode[],
  directives: readonly DirectiveNode[] = [],
): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  ...(type !== undefined && {
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  }),
  directives,
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

/** The name that a field has in the answer. */
export const responseNameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

function variablesIn(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
}
