import { type DocumentNode, getOperationAST, type OperationDefinitionNode, parse, visit } from 'graphql';
import { type Conditions, conditionsIn, isIncluded } from '../../src/execution/conditions.ts';

/** What stands where everything else is left out, as a selection cannot be empty. */
const NOTHING = getOperationAST(parse('{ __typename @skip(if: true) }'))?.selectionSet.selections ?? [];

/** An operation without what `@skip` and `@include` leave out of it, and without these. */
export function withoutExcluded(document: DocumentNode, conditions: Conditions): DocumentNode {
  return visit(document, {
    SelectionSet(node) {
      const selections = node.selections
        .filter(({ directives }) => isIncluded(directives, conditions))
        .map(({ directives = [], ...selection }) => ({
          ...selection,
          directives: directives.filter(({ name }) => name.value !== 'skip' && name.value !== 'include'),
        }));
      return { ...node, selections: selections.length > 0 ? selections : NOTHING };
    },
  });
}

/** The values of the variables in `@skip` and `@include`. */
export const valuesIn = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Conditions =>
  Object.fromEntries(
    [...conditionsIn(document, operation)].map(([name, value]) => [
      name,
      (variables[name] as boolean | undefined) ?? value,
    ]),
  );
