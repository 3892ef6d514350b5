import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type NamedTypeNode,
} from 'graphql';

/** The type of a field, as the schema says it; undefined for `__typename`, introspection, and what is not there. */
export const fieldTypeOf = (parent: GraphQLNamedType, field: string): GraphQLOutputType | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field]?.type : undefined;

/** The type that the selections of a fragment are made on. */
export const typeInside = (
  schema: GraphQLSchema,
  condition: NamedTypeNode | undefined,
  around: GraphQLNamedType,
): GraphQLNamedType => (condition && schema.getType(condition.name.value)) ?? around;

/** How many lists stand around the values of a type. */
export function listDepthOf(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepthOf(type.ofType);
  return isListType(type) ? 1 + listDepthOf(type.ofType) : 0;
}
