import { readFileSync } from 'node:fs';
import { schemaFile as orders } from '@tributary/orders';
import type { Database } from '@tributary/prisma/seed';
import { schemaFile as products } from '@tributary/products';
import { schemaFile as users } from '@tributary/users';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';

/** The subgraphs' schemas, as they are written. */
export const SUBGRAPH_SCHEMAS: readonly { subgraph: Database; document: DocumentNode }[] = [
  { subgraph: 'users', document: parse(readFileSync(users, 'utf8')) },
  { subgraph: 'products', document: parse(readFileSync(products, 'utf8')) },
  { subgraph: 'orders', document: parse(readFileSync(orders, 'utf8')) },
];

/** The object types of a schema. */
export const objectTypesOf = ({ definitions }: DocumentNode): ObjectTypeDefinitionNode[] =>
  definitions.filter((one): one is ObjectTypeDefinitionNode => one.kind === Kind.OBJECT_TYPE_DEFINITION);

/** A directive by its name. */
export const directiveOf = (
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  wanted: string,
): ConstDirectiveNode | undefined => node.directives?.find(({ name }) => name.value === wanted);
