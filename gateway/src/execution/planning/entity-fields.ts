import { type DirectiveNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import {
  type Fragments,
  fragmentOf,
  inlineFragment,
  parseFetch,
  printFetch,
  responseNameOf,
} from '../plan/subgraph-document.ts';
import { REPRESENTATIONS } from '../plan/subgraph-operation.ts';

/** A field of the entities that a fetch is for. */
export interface EntityField {
  /** The innermost type condition it stands in: a type of the subgraph. */
  type: string;
  /** Not its alias. */
  name: string;
  /** Tells the fields of one operation apart. */
  responseName: string;
  /** The directives of the field and of the fragments that it stands in, of those that have some. */
  within: readonly (readonly DirectiveNode[])[];
}

/** The fields that an operation for entities asks for of them, not those further down. */
export function entityFields(operation: string): EntityField[] {
  const document = parseFetch(operation);
  return document.operation.selectionSet.selections.flatMap((entities) =>
    entities.kind === Kind.FIELD && entities.selectionSet
      ? collect(entities.selectionSet, '', [], document.fragments)
      : [],
  );
}

/** An operation for entities, with some of its fields only, and the variables that it then uses. */
export function withFields(
  operation: string,
  fields: readonly EntityField[],
): { operation: string; variableUsages: string[] } {
  const document = parseFetch(operation);
  const wanted = new Set(fields.map(({ type, responseName }) => `${type}.${responseName}`));
  const kept = document.operation.selectionSet.selections.map((entities): SelectionNode => {
    if (entities.kind !== Kind.FIELD || !entities.selectionSet) return entities;
    return { ...entities, selectionSet: keep(entities.selectionSet, '', document.fragments, wanted) };
  });
  const { query, variables } = printFetch(document, kept);
  return { operation: query, variableUsages: variables.filter((name) => name !== REPRESENTATIONS) };
}

function collect(
  { selections }: SelectionSetNode,
  type: string,
  around: EntityField['within'],
  fragments: Fragments,
): EntityField[] {
  return selections.flatMap((selection) => {
    const { directives = [] } = selection;
    const within = directives.length > 0 ? [...around, directives] : around;
    if (selection.kind === Kind.FIELD) {
      return [{ type, name: selection.name.value, responseName: responseNameOf(selection), within }];
    }
    const fragment = fragmentOf(selection, fragments);
    return collect(fragment.selectionSet, fragment.type ?? type, within, fragments);
  });
}

/** The type's name is kept everywhere; spreads become inline fragments, as a fragment may be used elsewhere too. */
function keep(
  selectionSet: SelectionSetNode,
  type: string,
  fragments: Fragments,
  wanted: ReadonlySet<string>,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const isKept =
        selection.name.value === '__typename' || wanted.has(`${type}.${responseNameOf(selection)}`);
      return isKept ? [selection] : [];
    }
    const { selectionSet: inside, type: condition } = fragmentOf(selection, fragments);
    const parts = keep(inside, condition ?? type, fragments, wanted);
    if (parts.selections.length === 0) return [];
    return [inlineFragment(condition, parts.selections, selection.directives)];
  });
  return { ...selectionSet, selections };
}
