import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** An operation's selections, for one set of values of the variables in `@skip` and `@include`. */
export interface Selections {
  /** What clients see. */
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  conditions: Readonly<Record<string, boolean>>;
}

/**
 * Collects the fields that apply to objects of a type, by the name they have in the answer and in its order
 * (GraphQL specification, section 6.3.2). A name can stand for several nodes, whose selections are merged.
 */
export function collectFields(
  { schema, fragments, conditions }: Selections,
  type: GraphQLNamedType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, Set<FieldNode>>();
  const seen = new Set<string>();
  const collect = ({ selections }: SelectionSetNode, within: GraphQLNamedType) => {
    for (const selection of selections) {
      if (!isIncluded(selection.directives, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        fields.set(name, (fields.get(name) ?? new Set()).add(selection));
        continue;
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const fragment = isSpread ? fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      if (!fragment || (condition && !isSubtype(schema, condition, within))) continue;
      // An object that did not say its type is known by the fragments it is in.
      const inside = condition && !isObjectType(within) ? condition : within;
      if (isSpread) {
        const key = `${selection.name.value} ${inside.name}`;
        if (seen.has(key)) continue;
        seen.add(key);
      }
      collect(fragment.selectionSet, inside);
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet, type);
  return new Map([...fields].map(([name, nodes]) => [name, [...nodes]]));
}

function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  conditions: Readonly<Record<string, boolean>>,
): boolean {
  if (!directives?.length) return true;
  const node = { directives };
  return (
    getDirectiveValues(GraphQLSkipDirective, node, conditions)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.if !== false
  );
}

function isSubtype(schema: GraphQLSchema, wanted: GraphQLNamedType, type: GraphQLNamedType): boolean {
  if (wanted === type) return true;
  return (
    isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
  );
}

/**
 * The variables that decide about parts of an operation, in `@skip` and `@include`, with the values they have when the
 * client gives none.
 */
export function conditionsIn(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Map<string, boolean> {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: [argument] = [] }) {
      const isCondition =
        name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;
      if (isCondition && argument?.value.kind === Kind.VARIABLE) names.add(argument.value.name.value);
    },
  });
  const defaults = new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [variable.name.value, defaultValue] as const),
  );
  return new Map(
    [...names].map((name) => {
      const value = defaults.get(name);
      return [name, value?.kind === Kind.BOOLEAN && value.value];
    }),
  );
}
