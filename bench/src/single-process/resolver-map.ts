import type { GraphQLResolveInfo } from 'graphql';

/** Any resolver of a field. The type is that of a method, so that a resolver may say more of its parent. */
export type FieldResolver<Context> = {
  resolve(parent: unknown, args: object, context: Context, info: GraphQLResolveInfo): unknown;
}['resolve'];

/** Resolvers by type and field. */
export type ResolverMap<Context> = Record<string, Record<string, FieldResolver<Context>>>;

/** Federation's own entry among a type's resolvers, which answers no field. */
const REFERENCE = '__resolveReference';

/**
 * A subgraph's resolvers, for a server whose context is another.
 *
 * @param resolvers - the subgraph's `Resolvers`, each a function
 * @param contextOf - finds the subgraph's context in the server's
 */
export function bind<Own, Context>(
  resolvers: object,
  contextOf: (context: Context) => Own,
): ResolverMap<Context> {
  const bound: ResolverMap<Context> = {};
  for (const [type, fields] of Object.entries(resolvers as ResolverMap<Own>)) {
    const ofType: Record<string, FieldResolver<Context>> = {};
    for (const [field, resolve] of Object.entries(fields)) {
      if (field === REFERENCE) continue;
      ofType[field] = (parent, args, context, info) => resolve(parent, args, contextOf(context), info);
    }
    bound[type] = ofType;
  }
  return bound;
}

/** Type by type; of two resolvers of one field the later one stands. */
export function mergeResolvers<Context>(...maps: ResolverMap<Context>[]): ResolverMap<Context> {
  const merged: ResolverMap<Context> = {};
  for (const map of maps) {
    for (const [type, fields] of Object.entries(map)) merged[type] = { ...merged[type], ...fields };
  }
  return merged;
}

/**
 * One resolver of a subgraph.
 *
 * @throws Error when the subgraph has none for the field
 */
export function resolverOf<Own>(resolvers: object, type: string, field: string): FieldResolver<Own> {
  const resolve = (resolvers as ResolverMap<Own>)[type]?.[field];
  if (typeof resolve !== 'function') throw new Error(`${type}.${field} has no resolver`);
  return resolve;
}
