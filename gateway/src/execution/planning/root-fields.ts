import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The first root field of an operation that has to be fetched whatever the variables are: not introspection, and with
 * something selected in it without a condition. @returns undefined when there is none
 */
export function fetchedRootField(
  document: DocumentNode,
  operationName: string | undefined,
): FieldNode | undefined {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const fieldsIn = (selectionSet: SelectionSetNode | undefined): FieldNode[] =>
    (selectionSet?.selections ?? []).flatMap((selection) => {
      if (mayBeLeftOut(selection)) return [];
      if (selection.kind === Kind.FIELD) return hasLeaf(selection) ? [selection] : [];
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      return fieldsIn(isSpread ? fragments.get(selection.name.value) : selection.selectionSet);
    });
  const hasLeaf = ({ selectionSet }: FieldNode): boolean =>
    !selectionSet || fieldsIn(selectionSet).length > 0;
  const root = getOperationAST(document, operationName)?.selectionSet;
  return fieldsIn(root).find(({ name }) => !name.value.startsWith('__'));
}

/** Conditions can leave out all there is, also by saying opposite things further up. */
const mayBeLeftOut = ({ directives = [] }: SelectionNode): boolean =>
  directives.some(({ name }) => name.value === 'skip' || name.value === 'include');
