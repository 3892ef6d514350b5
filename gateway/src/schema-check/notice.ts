import {
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { partAt } from './coordinates.ts';

/** Tells of which parts of a schema clients had notice that they would go. */
export type Notice = (coordinate: string) => boolean;

/**
 * What is `@deprecated`, and what can be reached by way of deprecated things only: the type of a deprecated field goes with
 * that field.
 */
export function noticeIn(schema: GraphQLSchema): Notice {
  const lasting = lastingTypes(schema);
  return (coordinate) => {
    const names = coordinate.split('.');
    if (partAt(schema, coordinate) === undefined) return false;
    if (!lasting.has(names[0] ?? '')) return true;
    return names.some((_name, index) => {
      const part = partAt(schema, names.slice(0, index + 1).join('.'));
      return part !== undefined && 'deprecationReason' in part && part.deprecationReason != null;
    });
  };
}

/** Names of the types that operations can reach without anything that is deprecated. */
function lastingTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => type?.name ?? [],
  );
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...typesOf(schema, name));
  }
  return reached;
}

function typesOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  if (isUnionType(type)) return type.getTypes().map((member) => member.name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap(typeOf);
  if (!type || isEnumType(type) || !(isObjectType(type) || isInterfaceType(type))) return [];
  const fields = Object.values(type.getFields()).filter(({ deprecationReason }) => deprecationReason == null);
  return [
    ...type.getInterfaces().map((implemented) => implemented.name),
    ...(isInterfaceType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : []),
    ...fields.flatMap((field) => [getNamedType(field.type).name, ...field.args.flatMap(typeOf)]),
  ];
}

const typeOf = ({
  type,
  deprecationReason,
}: {
  type: Parameters<typeof getNamedType>[0];
  deprecationReason?: string | null | undefined;
}): string[] => (type && deprecationReason == null ? [getNamedType(type).name] : []);
