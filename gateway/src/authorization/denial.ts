import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { OperationParts, OperationRequirements } from './operation-requirements.ts';

/** What of an operation is not for those who do not meet some requirements. */
export interface Denial {
  /** The fields that they may not have. */
  readonly denied: ReadonlySet<FieldNode>;
  /** The fields in which nothing is left for them, so that these are not fetched either. */
  readonly emptied: ReadonlySet<FieldNode>;
  /** What is left of the operation, to be planned; null when it is nothing. */
  readonly left: DocumentNode | null;
}

/**
 * Takes out of an operation what is not for those who do not meet some of its requirements.
 *
 * @param unmet - the texts of these requirements
 */
export function deny(
  parts: OperationParts,
  { byField }: OperationRequirements,
  unmet: ReadonlySet<string>,
): Denial {
  const denied = new Set<FieldNode>();
  for (const [field, { text }] of byField) if (unmet.has(text)) denied.add(field);
  const pruner = new Pruner(parts.fragments, denied);
  const selectionSet = pruner.prune(parts.operation.selectionSet);
  const left: DocumentNode | null = selectionSet && {
    kind: Kind.DOCUMENT,
    definitions: [{ ...parts.operation, selectionSet }, ...pruner.fragments()],
  };
  return { denied, emptied: pruner.emptied, left };
}

class Pruner {
  readonly emptied = new Set<FieldNode>();
  readonly #given: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #denied: ReadonlySet<FieldNode>;
  /** What is left of the fragments that are spread; null for nothing. */
  readonly #left = new Map<string, FragmentDefinitionNode | null>();
  readonly #conditional = new Map<string, boolean>();

  constructor(given: ReadonlyMap<string, FragmentDefinitionNode>, denied: ReadonlySet<FieldNode>) {
    this.#given = given;
    this.#denied = denied;
  }

  /** What is left of some selections; null when nothing is. */
  prune(selectionSet: SelectionSetNode): SelectionSetNode | null {
    const selections = selectionSet.selections.flatMap((one) => this.#pruneOne(one) ?? []);
    return selections.length > 0 ? { ...selectionSet, selections } : null;
  }

  /** What is left of the fragments that what was pruned spreads. */
  fragments(): FragmentDefinitionNode[] {
    return [...this.#left.values()].filter((fragment) => fragment !== null);
  }

  #pruneOne(selection: SelectionNode): SelectionNode | null {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value) && selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const selectionSet = this.prune(selection.selectionSet);
      return selectionSet && { ...selection, selectionSet };
    }
    if (this.#denied.has(selection)) return null;
    if (!selection.selectionSet) return selection;
    const selectionSet = this.prune(selection.selectionSet);
    if (selectionSet) return { ...selection, selectionSet };
    // When the fields that were taken out turn out not to be asked for, the object is to be there all the same.
    if (this.#isConditional(selection.selectionSet)) return { ...selection, selectionSet: TYPE_NAME };
    this.emptied.add(selection);
    return null;
  }

  #fragment(name: string): FragmentDefinitionNode | null {
    const known = this.#left.get(name);
    if (known !== undefined) return known;
    const fragment = this.#given.get(name);
    const selectionSet = fragment ? this.prune(fragment.selectionSet) : null;
    const left = fragment && selectionSet ? { ...fragment, selectionSet } : null;
    this.#left.set(name, left);
    return left;
  }

  /** Whether a variable decides what is asked for in some selections, above the fields that are denied. */
  #isConditional({ selections }: SelectionSetNode): boolean {
    return selections.some((selection) => {
      if (selection.directives?.some(isCondition)) return true;
      if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#isFragmentConditional(selection.name.value);
      if (selection.kind === Kind.FIELD && this.#denied.has(selection)) return false;
      return selection.selectionSet !== undefined && this.#isConditional(selection.selectionSet);
    });
  }

  #isFragmentConditional(name: string): boolean {
    let conditional = this.#conditional.get(name);
    if (conditional === undefined) {
      const fragment = this.#given.get(name);
      conditional = fragment !== undefined && this.#isConditional(fragment.selectionSet);
      this.#conditional.set(name, conditional);
    }
    return conditional;
  }
}

const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;

const TYPE_NAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};
