import {
  type DirectiveNode,
  type DocumentNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

/** Values of the variables that decide about parts of an operation. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Tells values apart of the same variables. */
export const keyOfConditions = (conditions: Conditions): string =>
  Object.values(conditions).map(Number).join('');

/** Whether `@skip` and `@include` leave in what has them. */
export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  conditions: Conditions,
): boolean {
  if (!directives?.length) return true;
  const node = { directives };
  return (
    getDirectiveValues(GraphQLSkipDirective, node, conditions)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.if !== false
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
  visit(document, { Directive: (directive) => void addVariable(names, directive) });
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

/** The variables in `@skip` and `@include` of some directives. */
export function variablesOf(directives: readonly DirectiveNode[]): Set<string> {
  const names = new Set<string>();
  for (const directive of directives) addVariable(names, directive);
  return names;
}

function addVariable(names: Set<string>, { name, arguments: [argument] = [] }: DirectiveNode): void {
  const isCondition = name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;
  if (isCondition && argument?.value.kind === Kind.VARIABLE) names.add(argument.value.name.value);
}
