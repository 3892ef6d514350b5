import { type DocumentNode, type GraphQLSchema, isInterfaceType, isObjectType, Kind, visit } from 'graphql';
import type { Outcome } from './outcome.ts';

/** An operation whose aliases are names of fields, and what they stand for. */
export interface ClashingOperation {
  document: DocumentNode;
  /** The aliases of the operation that it was made from, by those it has now. */
  aliases: ReadonlyMap<string, string>;
}

/**
 * Gives the aliases of an operation the names of fields of the schema that it has nowhere, as far as there are any. Nothing but those names in the answer may change; Apollo's planner takes such aliases for keys.
 */
export function withClashingAliases(document: DocumentNode, schema: GraphQLSchema): ClashingOperation {
  const used = new Set<string>();
  const aliases = new Set<string>();
  visit(document, {
    Field({ alias, name }) {
      if (alias) aliases.add(alias.value);
      used.add(name.value);
    },
  });
  const free = ['__typename', ...fieldNames(schema)].filter((name) => !used.has(name) && !aliases.has(name));
  const names = new Map(
    [...aliases].slice(0, free.length).map((alias, index) => [alias, free[index] ?? alias]),
  );
  return {
    document: visit(document, {
      Field: (field) => {
        const value = field.alias && names.get(field.alias.value);
        return value === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value } as const };
      },
    }),
    aliases: new Map([...names].map(([alias, name]) => [name, alias])),
  };
}

/**
 * The data under the names of the operation that a clashing one was made from. Of errors the messages are kept: they can
 * be about fields that were asked for besides, under names that are aliases as well.
 */
export function unclashed(outcome: Outcome, { aliases }: ClashingOperation): Outcome {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [aliases.get(name) ?? name, rename(part)]),
    );
  };
  return { ...withoutPlaces(outcome), data: rename(outcome.data) };
}

/** An outcome with the messages of its errors alone. */
export const withoutPlaces = (outcome: Outcome): Outcome => ({
  ...outcome,
  errors: outcome.errors.map((error) => error.replace(/^[^:]*: /, '')),
});

const fieldNames = (schema: GraphQLSchema): string[] => [
  ...new Set(
    Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__') && (isObjectType(type) || isInterfaceType(type)))
      .flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [])),
  ),
];
