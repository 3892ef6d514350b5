import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentOf, inlineFragment, type SubgraphDocument } from '../../execution/plan/subgraph-document.ts';
import { ENTITIES } from '../../execution/plan/subgraph-operation.ts';
import type { KeyedSchema } from './keyed-types.ts';

/**
 * A fetch that also asks for type and keys of every entity in its answer, so that it can be told what the answer depends
 * on. What is added is not in the clients' answers, which have what was selected.
 */
export function withKeys(document: SubgraphDocument, keyed: KeyedSchema): SubgraphDocument {
  const { schema } = keyed;
  const { operation, fragments } = document;

  /** @param type - of the objects that are selected from */
  function complete(selectionSet: SelectionSetNode, type: GraphQLNamedType | undefined): SelectionSetNode {
    const selections = inside(selectionSet, type);
    return { ...selectionSet, selections: [...selections, ...missingKeys(selections, type)] };
  }

  /** What is further down, completed. */
  function inside({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): SelectionNode[] {
    return selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { name } = selection.typeCondition ?? {};
        const type = name ? schema.getType(name.value) : parent;
        return {
          ...selection,
          selectionSet: { ...selection.selectionSet, selections: inside(selection.selectionSet, type) },
        };
      }
      if (!selection.selectionSet) return selection;
      return {
        ...selection,
        selectionSet: complete(selection.selectionSet, typeIn(parent, selection.name.value)),
      };
    });
  }

  function missingKeys(
    selections: readonly SelectionNode[],
    type: GraphQLNamedType | undefined,
  ): SelectionNode[] {
    const entities =
      type?.name === '_Entity' ? conditionsOf(selections) : possibleTypes(schema, type?.name ?? '');
    const keys = entities.map((name) => [name, keyFields(keyed, name, type)] as const);
    if (keys.every(([, fields]) => fields.length === 0)) return [];
    // The type of these is known; a subgraph that has it as `@interfaceObject` would say another one.
    if (isObjectType(type))
      return lacking(
        keys.flatMap(([, fields]) => fields),
        selections,
      );
    return [
      ...(type?.name === '_Entity' ? [] : lacking([TYPENAME], selections)),
      ...keys.flatMap(([name, fields]) => (fields.length > 0 ? [inlineFragment(name, fields)] : [])),
    ];
  }

  /** The object types that fragments are for. */
  const conditionsOf = (selections: readonly SelectionNode[]): string[] => [
    ...new Set(
      selections.flatMap((selection) =>
        selection.kind === Kind.FIELD
          ? []
          : possibleTypes(schema, fragmentOf(selection, fragments).type ?? ''),
      ),
    ),
  ];

  const typeIn = (parent: GraphQLNamedType | undefined, field: string) =>
    field === ENTITIES ? schema.getType('_Entity') : typeOfField(parent, field);

  const query = schema.getQueryType() ?? undefined;
  return {
    operation: {
      ...operation,
      selectionSet: { ...operation.selectionSet, selections: inside(operation.selectionSet, query) },
    },
    fragments: new Map(
      [...fragments].map(([name, fragment]) => {
        const type = schema.getType(fragment.typeCondition.name.value);
        const { selectionSet } = fragment;
        return [
          name,
          { ...fragment, selectionSet: { ...selectionSet, selections: inside(selectionSet, type) } },
        ];
      }),
    ),
  };
}

/** The type of the objects that a field gives, without lists. */
export function typeOfField(
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLNamedType | undefined {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  return field && getNamedType(field.type);
}

/** The object types that an object of a type can be of. */
export function possibleTypes(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map((possible) => possible.name);
  return isObjectType(type) ? [type.name] : [];
}

/**
 * The name that a field of a key has in the answer: another one where the types that are possible there have fields of
 * its name with other types, which could not be asked for together (GraphQL, section 5.3.2).
 */
export function keyNameAt(
  schema: GraphQLSchema,
  place: GraphQLNamedType | undefined,
  type: string,
  field: string,
): string {
  if (!isAbstractType(place)) return field;
  const types = new Set(
    schema.getPossibleTypes(place).map((possible) => String(possible.getFields()[field]?.type ?? '')),
  );
  types.delete('');
  return types.size > 1 ? `${type}_key_${field}` : field;
}

const keyFields = (
  { schema, keysOf }: KeyedSchema,
  type: string,
  place: GraphQLNamedType | undefined,
): FieldNode[] => {
  const fields = keysOf(type).flatMap(({ selections }) =>
    selections.flatMap((selection) => (selection.kind === Kind.FIELD ? selection : [])),
  );
  return fields.map((field): FieldNode => {
    const name = keyNameAt(schema, place, type, field.name.value);
    return name === field.name.value ? field : { ...field, alias: { kind: Kind.NAME, value: name } };
  });
};

/** Those that are not selected yet. */
const lacking = (wanted: readonly FieldNode[], selections: readonly SelectionNode[]): FieldNode[] => {
  const plain = new Set(
    selections.flatMap((selection) =>
      selection.kind === Kind.FIELD && !selection.alias && !selection.directives?.length
        ? selection.name.value
        : [],
    ),
  );
  return wanted.filter(({ name, selectionSet }) => {
    if (plain.has(name.value) && !selectionSet) return false;
    plain.add(name.value);
    return true;
  });
};

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
