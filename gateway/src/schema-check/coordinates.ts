import {
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** A part of a schema that has a name of its own. */
export type SchemaPart =
  | GraphQLNamedType
  | GraphQLField<unknown, unknown>
  | GraphQLArgument
  | GraphQLInputField
  | GraphQLEnumValue;

/**
 * Finds what a schema coordinate names (https://spec.graphql.org/draft/#sec-Schema-Coordinates).
 *
 * @param coordinate - `Type`, `Type.field`, `Type.field.argument`, `Input.field` or `Enum.VALUE`
 */
export function partAt(schema: GraphQLSchema, coordinate: string): SchemaPart | undefined {
  const [typeName = '', memberName, argumentName] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (!type || memberName === undefined) return type;
  if (isEnumType(type)) return type.getValue(memberName) ?? undefined;
  if (isInputObjectType(type)) return type.getFields()[memberName];
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const field = type.getFields()[memberName];
  return argumentName === undefined ? field : field?.args.find(({ name }) => name === argumentName);
}

/**
 * The part of a coordinate that a schema has: of something that was added, what it was added to.
 *
 * @param coordinate - as for {@link partAt}, or `@directive` and `@directive.argument`
 * @returns undefined when it has not even the type
 */
export function knownPart(schema: GraphQLSchema, coordinate: string): string | undefined {
  const names = coordinate.split('.');
  if (coordinate.startsWith('@')) {
    const directive = schema.getDirective(coordinate.slice(1, names[0]?.length));
    const isKnown = directive?.args.some(({ name }) => name === names[1]);
    return directive ? (isKnown ? `${names[0]}.${names[1]}` : names[0]) : undefined;
  }
  for (let length = names.length; length > 0; length -= 1) {
    const shorter = names.slice(0, length).join('.');
    if (partAt(schema, shorter)) return shorter;
  }
  return undefined;
}
