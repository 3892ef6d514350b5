import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type Conditions, isIncluded } from '../../../src/execution/conditions.ts';
import { RULES, type Scopes } from './maze.ts';

/** In an answer, what says of each object of what type it is. */
const TYPE = 'type__';

/** The operation with the type of each object in its answer. */
export const withTypes = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: { leave: (node) => node.selectionSet && { ...node, selectionSet: typed(node.selectionSet) } },
    OperationDefinition: { leave: (node) => ({ ...node, selectionSet: typed(node.selectionSet) }) },
  });

const typed = (selectionSet: SelectionSetNode): SelectionSetNode => ({
  ...selectionSet,
  selections: [
    ...selectionSet.selections,
    {
      kind: Kind.FIELD,
      alias: { kind: Kind.NAME, value: TYPE },
      name: { kind: Kind.NAME, value: '__typename' },
    },
  ],
});

/** What stands where a value is missing that has to be there. */
const MISSING = Symbol('missing');

type Value = Record<string, unknown>;

/** Selections on a type; they are closed below what is not for who asks. */
interface Part {
  set: SelectionSetNode;
  on: GraphQLNamedType;
  isOpen: boolean;
}

/**
 * What of an answer somebody may see: all that is for them, with null in the places of the rest. It is worked out from the
 * whole answer, object by object, by the rules of the test.
 *
 * @param data - the answer to the operation with types
 */
export function visibleData(
  schema: GraphQLSchema,
  document: DocumentNode,
  conditions: Conditions,
  scopes: Scopes,
  data: Value,
): unknown {
  const may = (name: string) => RULES[name]?.(scopes) ?? true;
  const mayAll = (type: GraphQLNamedType, name: string) =>
    (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]).every(
      (one) => may(one.name) && may(`${one.name}.${name}`),
    );
  const typeOf = (type: GraphQLNamedType, name: string): GraphQLOutputType | undefined =>
    isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
  const mayHave = (type: GraphQLNamedType, { name: { value: name } }: FieldNode): boolean => {
    if (name !== '__typename') return mayAll(type, name) && may(getNamedType(typeOf(type, name))?.name ?? '');
    return isAbstractType(type) ? schema.getPossibleTypes(type).some((one) => may(one.name)) : may(type.name);
  };
  const insideOf = (node: SelectionNode, on: GraphQLNamedType): Omit<Part, 'isOpen'> | null => {
    if (node.kind === Kind.FIELD) {
      const type = getNamedType(typeOf(on, node.name.value));
      return node.selectionSet && type ? { set: node.selectionSet, on: type } : null;
    }
    const fragment =
      node.kind === Kind.INLINE_FRAGMENT
        ? node
        : document.definitions.find(
            (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
          );
    if (fragment?.kind !== Kind.INLINE_FRAGMENT && fragment?.kind !== Kind.FRAGMENT_DEFINITION) return null;
    const name = fragment.typeCondition?.name.value;
    return { set: fragment.selectionSet, on: (name && schema.getType(name)) || on };
  };
  /** Whether something in selections is for who asks, or it takes variables to know what is asked for. */
  const hasLeft = (set: SelectionSetNode, on: GraphQLNamedType): boolean => {
    const all = (some: SelectionSetNode, type: GraphQLNamedType): boolean =>
      some.selections.some((node) => {
        if (node.directives?.length) return true;
        if (node.kind === Kind.FIELD && !mayHave(type, node)) return false;
        const inside = insideOf(node, type);
        return inside !== null && all(inside.set, inside.on);
      });
    const something = (some: SelectionSetNode, type: GraphQLNamedType): boolean =>
      some.selections.some((node) => {
        if (node.kind === Kind.FIELD && !mayHave(type, node)) return false;
        const inside = insideOf(node, type);
        return (
          inside === null ||
          something(inside.set, inside.on) ||
          (node.kind === Kind.FIELD && all(inside.set, inside.on))
        );
      });
    return something(set, on) || all(set, on);
  };

  const object = (value: Value, parts: readonly Part[]): Value | typeof MISSING => {
    const type = schema.getType(String(value[TYPE]));
    if (!isObjectType(type)) throw new Error('an object does not say its type');
    const fields = new Map<string, { node: FieldNode; on: GraphQLNamedType; isOpen: boolean }[]>();
    const collect = ({ set, on, isOpen }: Part): void => {
      for (const node of set.selections) {
        if (!isIncluded(node.directives, conditions)) continue;
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value;
          fields.set(name, [...(fields.get(name) ?? []), { node, on, isOpen: isOpen && mayHave(on, node) }]);
          continue;
        }
        const inside = insideOf(node, on);
        if (!inside) continue;
        if (inside.on === type || (isAbstractType(inside.on) && schema.isSubType(inside.on, type))) {
          collect({ ...inside, isOpen });
        }
      }
    };
    for (const part of parts) collect(part);
    const seen: Value = {};
    for (const [name, nodes] of fields) {
      const inside = nodes.flatMap(({ node, on, isOpen }) => {
        const found = insideOf(node, on);
        return found ? [{ ...found, isOpen }] : [];
      });
      const isThere = nodes.some(({ node, on, isOpen }) => {
        const found = insideOf(node, on);
        return isOpen && (!found || hasLeft(found.set, found.on));
      });
      const [first] = nodes;
      const declared = first && typeOf(type, first.node.name.value);
      const given = isThere ? value[name] : null;
      const result = declared ? complete(declared, given, inside) : (given ?? MISSING);
      if (result === MISSING) return MISSING;
      seen[name] = result;
    }
    return seen;
  };
  const complete = (type: GraphQLOutputType, value: unknown, inside: readonly Part[]): unknown => {
    if (isNonNullType(type)) return complete(type.ofType, value, inside) ?? MISSING;
    if (value === null || value === undefined) return null;
    if (isListType(type)) {
      const items = (value as unknown[]).map((item) => complete(type.ofType, item, inside));
      return items.includes(MISSING) ? null : items;
    }
    if (inside.length === 0) return value;
    const result = object(value as Value, inside);
    return result === MISSING ? null : result;
  };

  const operation = getOperationAST(document);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) throw new Error('there is no operation');
  const result = object(data, [{ set: operation.selectionSet, on: root, isOpen: true }]);
  return result === MISSING ? null : result;
}
