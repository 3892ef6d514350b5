import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { GraphQLDeferDirective } from '../defer/directive.ts';
import { TYPE_NAME } from './literal-conditions.ts';

/**
 * An operation without the fragments that no object meets. They are valid as long as each goes with the one around it: a
 * fragment on one object type, in one on a union, in one on another object type of the union.
 *
 * The planner compares no more than two at once, and fails on some of these.
 *
 * @param document - valid
 * @param schema - what clients see
 */
export function withoutImpossibleFragments(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const pruning = new Pruning(document, schema);
  const definitions = document.definitions.map((node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return node;
    const selectionSet = pruning.selectionsOf(schema.getRootType(node.operation), node.selectionSet);
    return selectionSet === node.selectionSet ? node : { ...node, selectionSet };
  });
  const isSame = definitions.every((node, at) => node === document.definitions[at]);
  return isSame ? document : { ...document, definitions: [...definitions, ...pruning.fragments] };
}

/** What is known of an object. */
interface Known {
  /** The type of its field, or of the last fragment around. */
  type: GraphQLNamedType | null | undefined;
  /** The types it can be of, as its field and all fragments around say together; none when nothing has such a type. */
  possible: readonly string[];
}

/** Leaves out what is impossible. What nothing is left out of stays the node that it is. */
class Pruning {
  /** Fragments as they are at places where something of them is impossible, under names of their own. */
  readonly fragments: FragmentDefinitionNode[] = [];
  readonly #schema: GraphQLSchema;
  readonly #given = new Map<string, FragmentDefinitionNode>();
  /** By the fragment and the types of the objects: fragments that are spread often would take without end otherwise. */
  readonly #pruned = new Map<string, SelectionSetNode>();
  readonly #names = new Map<SelectionSetNode, FragmentDefinitionNode['name']>();

  constructor(document: DocumentNode, schema: GraphQLSchema) {
    this.#schema = schema;
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#given.set(node.name.value, node);
  }

  /** What is selected of an object. @param type - the type of its field; introspection is left as it is */
  selectionsOf(type: GraphQLNamedType | null | undefined, selectionSet: SelectionSetNode): SelectionSetNode {
    return filled(this.#prune(selectionSet, this.#objectOf(type)));
  }

  #prune(selectionSet: SelectionSetNode, object: Known): SelectionSetNode {
    const given = selectionSet.selections;
    const selections = given.flatMap((selection) => this.#selection(selection, object) ?? []);
    const isSame = selections.length === given.length && selections.every((one, at) => one === given[at]);
    return isSame ? selectionSet : { ...selectionSet, selections };
  }

  #selection(selection: SelectionNode, object: Known): SelectionNode | undefined {
    if (selection.kind === Kind.FIELD) return this.#field(selection, object);
    return selection.kind === Kind.FRAGMENT_SPREAD
      ? this.#spread(selection, object)
      : this.#inlineFragment(selection, object);
  }

  #field(field: FieldNode, { type }: Known): FieldNode {
    const hasFields = isObjectType(type) || isInterfaceType(type);
    const definition = hasFields ? type.getFields()[field.name.value] : undefined;
    if (!definition || !field.selectionSet) return field;
    const selectionSet = this.selectionsOf(getNamedType(definition.type), field.selectionSet);
    return selectionSet === field.selectionSet ? field : { ...field, selectionSet };
  }

  #inlineFragment(fragment: InlineFragmentNode, around: Known): InlineFragmentNode | undefined {
    const object = this.#within(around, fragment.typeCondition);
    const selectionSet = object && this.#prune(fragment.selectionSet, object);
    if (selectionSet === fragment.selectionSet) return fragment;
    return selectionSet && isWanted(selectionSet, fragment)
      ? { ...fragment, selectionSet: filled(selectionSet) }
      : undefined;
  }

  #spread(spread: FragmentSpreadNode, around: Known): FragmentSpreadNode | undefined {
    const fragment = this.#given.get(spread.name.value);
    const object = fragment && this.#within(around, fragment.typeCondition);
    if (!object) return undefined;
    const key = [fragment.name.value, ...object.possible].join();
    const selectionSet = this.#pruned.get(key) ?? this.#prune(fragment.selectionSet, object);
    this.#pruned.set(key, selectionSet);
    if (selectionSet === fragment.selectionSet) return spread;
    return isWanted(selectionSet, spread)
      ? { ...spread, name: this.#nameOf(fragment, selectionSet) }
      : undefined;
  }

  /** The name of what is left of a fragment. */
  #nameOf(fragment: FragmentDefinitionNode, selectionSet: SelectionSetNode): FragmentDefinitionNode['name'] {
    const known = this.#names.get(selectionSet);
    if (known) return known;
    let value = `${fragment.name.value}_${this.fragments.length + 1}`;
    while (this.#given.has(value)) value += '_';
    const name = { ...fragment.name, value };
    this.#names.set(selectionSet, name);
    this.fragments.push({ ...fragment, name, selectionSet: filled(selectionSet) });
    return name;
  }

  /** What is known of the objects that meet a type condition; undefined when there are none. */
  #within(around: Known, condition: NamedTypeNode | undefined): Known | undefined {
    if (!condition) return around;
    const object = this.#objectOf(this.#schema.getType(condition.name.value));
    // Of a type that no type belongs to, all is planned as it comes: what subgraphs send for it is not known.
    if (around.possible.length === 0) return { ...object, possible: [] };
    const possible = object.possible.filter((type) => around.possible.includes(type));
    return possible.length === 0 ? undefined : { ...object, possible };
  }

  #objectOf(type: GraphQLNamedType | null | undefined): Known {
    if (isAbstractType(type))
      return { type, possible: this.#schema.getPossibleTypes(type).map(({ name }) => name) };
    return { type, possible: type ? [type.name] : [] };
  }
}

/** A fragment with `@defer` stays when it is empty: it is a part of the answer, which clients wait for. */
const isWanted = ({ selections }: SelectionSetNode, { directives = [] }: SelectionNode): boolean =>
  selections.length > 0 || directives.some(({ name }) => name.value === GraphQLDeferDirective.name);

/** An object of which nothing is selected is there all the same. */
const filled = (selectionSet: SelectionSetNode): SelectionSetNode =>
  selectionSet.selections.length > 0 ? selectionSet : { ...selectionSet, selections: [TYPE_NAME] };
