import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { underConditions } from './conditions.ts';
import type { CostDirectives } from './cost-directives.ts';
import { argumentsCost } from './input-cost.ts';
import { expectedSize } from './list-size.ts';
import { type Part, product, sum } from './part.ts';

/** What an operation costs because of what it is. */
export const OPERATION_COST: Readonly<Record<OperationTypeNode, number>> = {
  query: 0,
  mutation: 10,
  subscription: 0,
};

/** What costs are worked out with. */
export interface EstimateOptions {
  /** What clients see. */
  schema: GraphQLSchema;
  directives: CostDirectives;
  /** Items of a list of whose size nothing is said. */
  listSize: number;
}

/** The lists that a field says the size of, which are fields of its type. */
interface Sized {
  fields: ReadonlySet<string>;
  size: Part;
}

/** The cost of one field of a type, by `@cost` of the field or of its type; an object costs 1. */
export function fieldWeight(coordinate: string, type: GraphQLNamedType, { weights }: CostDirectives): number {
  return weights.get(coordinate) ?? weights.get(type.name) ?? (isCompositeType(type) ? 1 : 0);
}

/**
 * Compiles what an operation is expected to cost, as Apollo Router works it out from the IBM cost specification: each
 * object 1, a list so many times its items, a mutation 10 more. A field that is selected several times counts each time,
 * and fragments on different types are added up, so that the cost is never more than this where lists are not longer.
 */
export const compileEstimate = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  options: EstimateOptions,
): Part => {
  const root = options.schema.getRootType(operation.operation);
  if (!root) return 0;
  const selections = new EstimateCompiler(document, options).selectionSet(operation.selectionSet, root, null);
  return sum([OPERATION_COST[operation.operation], selections]);
};

/** What is wrong with slicing arguments is to be found, whatever is selected of the list. */
const withoutCost = (size: Part): Part =>
  typeof size === 'number'
    ? 0
    : (occasion) => {
        size(occasion);
        return 0;
      };

class EstimateCompiler {
  readonly #options: EstimateOptions;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor({ definitions }: DocumentNode, options: EstimateOptions) {
    this.#options = options;
    this.#fragments = new Map(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
  }

  selectionSet({ selections }: SelectionSetNode, type: GraphQLNamedType, sized: Sized | null): Part {
    return sum(
      selections.map((selection) =>
        underConditions(selection.directives, this.#selection(selection, type, sized)),
      ),
    );
  }

  #selection(selection: SelectionNode, type: GraphQLNamedType, sized: Sized | null): Part {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type, sized);
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
    if (!fragment) return 0;
    const condition = fragment.typeCondition?.name.value;
    const inside = condition === undefined ? type : this.#options.schema.getType(condition);
    return this.selectionSet(fragment.selectionSet, inside ?? type, sized);
  }

  #field(node: FieldNode, parent: GraphQLNamedType, sized: Sized | null): Part {
    const { directives, listSize } = this.#options;
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    // What tells about the schema, and `__typename`, is answered without a subgraph.
    if (!field) return 0;
    const coordinate = `${parent.name}.${name}`;
    const type = getNamedType(field.type);
    const told = directives.listSizes.get(coordinate);
    const own = told && expectedSize(node, field, told, coordinate, listSize);
    const inner: Sized | null = told && own !== undefined ? { fields: told.sizedFields, size: own } : null;
    const one = sum([
      fieldWeight(coordinate, type, directives),
      node.selectionSet ? this.selectionSet(node.selectionSet, type, inner) : 0,
    ]);
    const count = isListType(getNullableType(field.type))
      ? sized?.fields.has(name)
        ? sized.size
        : (own ?? listSize)
      : 1;
    const given = argumentsCost(node, field, coordinate, directives);
    return sum([product(count, one), given, own === undefined ? 0 : withoutCost(own)]);
  }
}
