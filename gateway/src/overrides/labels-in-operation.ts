import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  type NamedTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { OverrideLabels } from './labels.ts';

/**
 * The labels that the plan of an operation depends on.
 *
 * @param schema - what clients see
 * @returns in alphabetical order, so that it is the same each time
 */
export function labelsInOperation(
  document: DocumentNode,
  schema: GraphQLSchema,
  { byField, needed }: OverrideLabels,
): readonly string[] {
  if (byField.size === 0) return [];
  const found = new Set(needed);
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        const parent = types.getParentType();
        if (!parent) return;
        for (const type of kindred(schema, parent.name)) {
          const label = byField.get(`${type}.${name.value}`);
          if (label !== undefined) found.add(label);
        }
      },
    }),
  );
  return [...found].sort();
}

/** The type itself, those that may be in its place, and the interfaces that they have fields from (`@interfaceObject`). */
function kindred(schema: GraphQLSchema, name: NamedTypeNode['name']['value']): Set<string> {
  const type = schema.getType(name);
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  const interfaces = isInterfaceType(type) || isObjectType(type) ? type.getInterfaces() : [];
  const all = [...objects, ...interfaces, ...objects.flatMap((object) => object.getInterfaces())];
  return new Set([name, ...all.map((one) => one.name)]);
}
