import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { REPOSITORY } from '../../../harness/server-process.ts';
import { type Product, products, type Review, reviews, type User, users } from './data.ts';

/** Folder of the graph's SDL and its `supergraph.yaml`. */
export const GRAPH_FOLDER = join(REPOSITORY, 'bench/graphs/marketplace');

interface ReviewFilter {
  first?: number;
  minRating?: number;
}

const firstOf = <Item>(items: Iterable<Item>, count: number | undefined): Item[] =>
  [...items].slice(0, count);

const reviewsWhere = (matches: (review: Review) => boolean, { first, minRating = 0 }: ReviewFilter) =>
  firstOf(
    reviews.filter((review) => matches(review) && review.rating >= minRating),
    first,
  );

const RESOLVERS = {
  accounts: {
    Query: {
      user: (_: unknown, { id }: { id: string }) => users.get(id),
      users: (_: unknown, { first }: { first: number }) => firstOf(users.values(), first),
    },
    User: { __resolveReference: ({ id }: User) => users.get(id) },
  },
  products: {
    Query: {
      product: (_: unknown, { upc }: { upc: string }) => products.get(upc),
      topProducts: (_: unknown, { first }: { first: number }) => firstOf(products.values(), first),
    },
    Product: { __resolveReference: ({ upc }: Product) => products.get(upc) },
  },
  reviews: {
    Review: {
      author: ({ authorId }: Review) => ({ id: authorId }),
      product: ({ upc }: Review) => ({ upc }),
    },
    User: {
      reviews: ({ id }: User, filter: ReviewFilter) =>
        reviewsWhere(({ authorId }) => authorId === id, filter),
    },
    Product: {
      reviews: ({ upc }: Product, filter: ReviewFilter) =>
        reviewsWhere((review) => review.upc === upc, filter),
    },
  },
  inventory: {
    Product: {
      inStock: ({ upc }: Product) => products.get(upc)?.inStock,
      stockIn: ({ upc }: Product, { country }: { country: string }) =>
        (products.get(upc)?.weight ?? 0) % (country.length + 50),
      shippingEstimate: ({ price, weight }: Product) => (price > 1_000 ? 0 : Math.round(weight / 2)),
    },
  },
};

/** The subgraphs' names, which are the paths of their URLs as well. */
export const SUBGRAPHS = ['accounts', 'products', 'reviews', 'inventory'] as const;

export type SubgraphName = (typeof SUBGRAPHS)[number];

/** Makes a subgraph's schema, with resolvers that read from memory. */
export function buildSchemaOf(name: SubgraphName): GraphQLSchema {
  const typeDefs = parse(readFileSync(join(GRAPH_FOLDER, `${name}.graphql`), 'utf8'));
  return buildSubgraphSchema({ typeDefs, resolvers: RESOLVERS[name] });
}
