import { mergeTypeDefs } from '@graphql-tools/merge';
import { schemaFile as ordersSchema } from '@tributary/orders';
import { schemaFile as productsSchema } from '@tributary/products';
import { buildSchema, readSchema } from '@tributary/subgraph-kit';
import { schemaFile as usersSchema } from '@tributary/users';
import { type DocumentNode, type GraphQLSchema, visit } from 'graphql';
import { resolvers } from './resolvers.ts';

/** The one schema of the three subgraphs, executable, with the same scalars and the same `@auth`. */
export function createSchema(): GraphQLSchema {
  const merged = mergeTypeDefs([usersSchema, productsSchema, ordersSchema].map(readSchema));
  return buildSchema(withoutFederation(merged), resolvers);
}

/** Of all directives only `@auth` does something here; the others tell a gateway how to join what is one already. */
const withoutFederation = (typeDefs: DocumentNode): DocumentNode =>
  visit(typeDefs, {
    SchemaExtension: () => null,
    SchemaDefinition: () => null,
    Directive: ({ name }) => (name.value === 'auth' ? undefined : null),
  });
