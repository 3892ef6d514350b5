import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { REPOSITORY } from '../../harness/server-process.ts';

/** Folder of the graph's SDL and its `supergraph.yaml`. */
export const GRAPH_FOLDER = join(REPOSITORY, 'bench/graphs/events');

/** What every listener asks for: an order of one subgraph, filled in by the other one. */
export const ORDER_CHANGED =
  'subscription ($id: ID!) { orderChanged(id: $id) { id status note customer { name email } } }';

/** An order as the subgraph that tells of it knows it. */
export interface Order {
  id: string;
  status: string;
  note: string;
  customer: { id: string };
}

/** The order that every listener listens to. */
export const ORDER_ID = 'o1';

const customerOf = (id: string) => ({ id, name: `Customer ${id}`, email: `${id}@example.com` });

/** Makes an event. @param noteBytes - length of the part that makes it large */
export const orderNumbered = (number: number, noteBytes: number): Order => ({
  id: ORDER_ID,
  status: `S${number}`,
  note: 'x'.repeat(noteBytes),
  customer: { id: 'c1' },
});

/** What a listener is to be told of an order. */
export function filledIn({ id, status, note, customer }: Order) {
  const { name, email } = customerOf(customer.id);
  return { orderChanged: { id, status, note, customer: { name, email } } };
}

/** Makes the schemas, with resolvers that read from memory. */
export const buildSchemas = (): Record<'orders' | 'customers', GraphQLSchema> => ({
  orders: buildSubgraphSchema({
    typeDefs: typeDefsOf('orders'),
    resolvers: { Query: { order: () => orderNumbered(0, 0) } },
  }),
  customers: buildSubgraphSchema({
    typeDefs: typeDefsOf('customers'),
    resolvers: {
      Query: { customer: (_: unknown, { id }: { id: string }) => customerOf(id) },
      Customer: { __resolveReference: ({ id }: { id: string }) => customerOf(id) },
    },
  }),
});

function typeDefsOf(name: string): DocumentNode {
  return parse(readFileSync(join(GRAPH_FOLDER, `${name}.graphql`), 'utf8'));
}
