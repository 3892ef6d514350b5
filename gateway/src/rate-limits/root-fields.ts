import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How the root types are called in settings, whatever a schema calls them. */
const ROOTS: Readonly<Record<OperationTypeNode, string>> = {
  [OperationTypeNode.QUERY]: 'Query',
  [OperationTypeNode.MUTATION]: 'Mutation',
  [OperationTypeNode.SUBSCRIPTION]: 'Subscription',
};

/**
 * How often an operation asks for each root field, by `Mutation.name`: each alias is once more. What `@skip` and
 * `@include` may leave out is counted, as is what is merged: it could be asked for.
 */
export function countRootFields(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): ReadonlyMap<string, number> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const counts = countIn(selectionSet, { fragments, known: new Map() });
  return new Map([...counts].map(([name, times]) => [`${ROOTS[operation]}.${name}`, times]));
}

type Counts = ReadonlyMap<string, number>;

interface Spreads {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What was counted in fragments: one that is spread in many that are spread themselves is looked at once. */
  known: Map<string, Counts>;
}

function countIn({ selections }: SelectionSetNode, spreads: Spreads): Counts {
  const counts = new Map<string, number>();
  for (const selection of selections) {
    for (const [name, times] of countOne(selection, spreads))
      counts.set(name, (counts.get(name) ?? 0) + times);
  }
  return counts;
}

function countOne(selection: SelectionNode, spreads: Spreads): Counts {
  if (selection.kind === Kind.FIELD) return new Map([[selection.name.value, 1]]);
  if (selection.kind === Kind.INLINE_FRAGMENT) return countIn(selection.selectionSet, spreads);
  const { fragments, known } = spreads;
  const name = selection.name.value;
  const fragment = fragments.get(name);
  const counts = known.get(name) ?? (fragment ? countIn(fragment.selectionSet, spreads) : new Map());
  known.set(name, counts);
  return counts;
}

/** The names of all root fields of a supergraph, as settings have them. @param sdl - of the supergraph */
export function rootFieldsOf(sdl: string): ReadonlySet<string> {
  const { definitions } = parse(sdl, { noLocation: true });
  const roots = new Map(Object.values(ROOTS).map((name) => [name, name]));
  for (const definition of definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { operation, type } of definition.operationTypes) roots.set(type.name.value, ROOTS[operation]);
  }
  return new Set(
    definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
      const root = roots.get(definition.name.value);
      return root === undefined ? [] : (definition.fields ?? []).map(({ name }) => `${root}.${name.value}`);
    }),
  );
}
