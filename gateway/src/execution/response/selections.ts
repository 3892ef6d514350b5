import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from '../conditions.ts';
import { partNumber } from '../defer/document.ts';

/** An operation's selections, for one set of values of the variables in `@skip` and `@include`. */
export interface Selections {
  /** What clients see. */
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  conditions: Readonly<Record<string, boolean>>;
}

/** A fragment whose fields come later. */
export interface DeferredFragment {
  /** Tells the fragments of an operation apart. */
  part: string;
  selectionSet: SelectionSetNode;
  /** What is known of the type of its objects. */
  type: GraphQLNamedType;
}

/** What is selected on objects of a type. */
export interface Fields {
  /** By the name they have in the answer, and in its order. A name can stand for several nodes, to be merged. */
  now: ReadonlyMap<string, readonly FieldNode[]>;
  later: readonly DeferredFragment[];
}

/** Collects the fields that apply to objects of a type (GraphQL specification, section 6.3.2). */
export function collectFields(
  { schema, fragments, conditions }: Selections,
  type: GraphQLNamedType,
  selectionSets: readonly SelectionSetNode[],
): Fields {
  const fields = new Map<string, Set<FieldNode>>();
  const later: DeferredFragment[] = [];
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
      const part = partNumber(selection.directives);
      if (part !== undefined) {
        later.push({ part, selectionSet: fragment.selectionSet, type: inside });
        continue;
      }
      if (isSpread) {
        const key = `${selection.name.value} ${inside.name}`;
        if (seen.has(key)) continue;
        seen.add(key);
      }
      collect(fragment.selectionSet, inside);
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet, type);
  return { now: new Map([...fields].map(([name, nodes]) => [name, [...nodes]])), later };
}

function isSubtype(schema: GraphQLSchema, wanted: GraphQLNamedType, type: GraphQLNamedType): boolean {
  if (wanted === type) return true;
  return (
    isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
  );
}
