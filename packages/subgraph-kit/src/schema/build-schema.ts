import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { type DocumentNode, type GraphQLSchema, isScalarType, parse } from 'graphql';
import { stopWhenCancelled } from '../cancellation/stop-resolvers.ts';
import { enforceAuthorization } from './authorization-directives.ts';
import { withCacheControlScope } from './cache-control-scope.ts';
import { forgetAfterMutations } from './fresh-loaders.ts';
import { enforceInternal } from './internal-directive.ts';
import { sharedScalars } from './scalars.ts';
import { withHintsOfEntities } from './unhinted-entities.ts';

/** Reads a subgraph's schema file. */
export const readSchema = (file: URL): DocumentNode => parse(readFileSync(file, 'utf8'));

/**
 * The executable schema of a subgraph: its SDL, its resolvers, the shared scalars that it declares, `@authenticated`,
 * `@requiresScopes` and `@internal`. After each mutation the loaders begin anew. Resolvers of a request that was cancelled do
 * not begin.
 *
 * @throws when resolvers and schema do not fit each other
 */
export function buildSchema(document: DocumentNode, resolvers: object): GraphQLSchema {
  const typeDefs = withHintsOfEntities(withCacheControlScope(document));
  const declared = new Set(
    typeDefs.definitions.flatMap((node) => (node.kind === 'ScalarTypeDefinition' ? [node.name.value] : [])),
  );
  const scalars = Object.fromEntries(Object.entries(sharedScalars).filter(([name]) => declared.has(name)));
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: { ...scalars, ...resolvers } as GraphQLResolverMap<unknown>,
  });
  const unserved = [...declared].filter((name) => {
    const type = schema.getType(name);
    return isScalarType(type) && !(name in scalars) && !(name in resolvers);
  });
  if (unserved.length > 0) throw new Error(`no implementation for scalar ${unserved.join(', ')}`);
  return stopWhenCancelled(enforceInternal(enforceAuthorization(forgetAfterMutations(schema))));
}
