import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isUnionType,
} from 'graphql';
import { fieldTypeOf } from '../execution/static-types.ts';
import type { Protection } from './protection.ts';
import { all, any, NOTHING, type Requirement } from './requirement.ts';

/**
 * What it takes to see a field that is selected on a type.
 *
 * - A field of an object takes what the object's type, the field and the type of its value ask for.
 * - A field of an interface takes what all of the types ask for that an object behind it can be of, and their fields.
 * - A field whose value can be of several types takes nothing for that; what is selected in it does.
 * - The `__typename` of an object takes what its type asks for, that of an interface or a union what any of its types does.
 * - Introspection takes nothing: `INTROSPECTION` decides about it.
 */
export type FieldRequirements = (parent: GraphQLNamedType, field: string) => Requirement;

/** @param schema - what clients see */
export function createFieldRequirements(schema: GraphQLSchema, protection: Protection): FieldRequirements {
  const known = new Map<string, Requirement>();
  const find = (parent: GraphQLNamedType, field: string): Requirement => {
    const own = all([protection.ofType(parent.name), protection.ofField(parent.name, field)]);
    const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
    if (field === '__typename') {
      if (possible.length === 0) return own;
      return all([own, any(possible.map(({ name }) => protection.ofType(name)))]);
    }
    if (field.startsWith('__')) return NOTHING;
    const value = getNamedType(fieldTypeOf(parent, field));
    return all([
      own,
      ...possible.flatMap(({ name }) => [protection.ofType(name), protection.ofField(name, field)]),
      value && !isUnionType(value) ? protection.ofType(value.name) : NOTHING,
    ]);
  };
  return (parent, field) => {
    const key = `${parent.name}.${field}`;
    let requirement = known.get(key);
    if (!requirement) {
      requirement = find(parent, field);
      known.set(key, requirement);
    }
    return requirement;
  };
}
