import { createCategory, createProduct } from '../access-matrix/shop.ts';
import type { Graph } from '../support/start-graph.ts';

/** A product whose title and price say which version they are: `v12`, and 12 cents. */
export interface Good {
  /** Global id. */
  id: string;
  slug: string;
  /** Global id of its one variant. */
  variant: string;
}

/** What can be changed. */
export const VALUES = ['title', 'price'] as const;
export type Value = (typeof VALUES)[number];

/** Products on sale, in a category of their own. */
export async function makeGoods(graph: Graph, count: number): Promise<{ category: string; goods: Good[] }> {
  const category = await createCategory(graph, null);
  const goods: Good[] = [];
  while (goods.length < count) goods.push(await createProduct(graph, 'ACTIVE', category));
  return { category, goods };
}

/** The mutation that makes a value another version. */
export const changeOf = ({ id, variant }: Good, value: Value, version: number) =>
  value === 'title'
    ? {
        query:
          'mutation ($input: ProductUpdateInput!) { changed: productUpdate(input: $input) { userErrors { __typename } } }',
        variables: { input: { id, title: `v${version}` } },
      }
    : {
        query:
          'mutation ($input: ProductVariantUpdateInput!) { changed: productVariantUpdate(input: $input) { userErrors { __typename } } }',
        variables: { input: { id: variant, price: { minorUnits: version, currency: 'USD' } } },
      };

/** What a product has of its values. */
export interface GoodAnswer {
  id: string;
  title: string;
  variants: { edges: { node: { price: { minorUnits: number } } }[] };
}

const FIELDS = 'id title variants(first: 1) { edges { node { price { minorUnits } } } }';

/** What queries of goods answer: one of the fields is there. */
export interface GoodsAnswer {
  one?: GoodAnswer | null;
  list?: { edges: { node: GoodAnswer }[] } | null;
}

/** Ways of asking for goods. */
export const QUERIES = {
  byId: `query ($id: ID!) { one: product(id: $id) { ${FIELDS} } }`,
  bySlug: `query ($slug: String!) { one: productBySlug(slug: $slug) { ${FIELDS} } }`,
  byNode: `query ($id: ID!) { one: node(id: $id) { ... on Product { ${FIELDS} } } }`,
  list: `query ($category: ID!) { list: products(first: 10, filter: { categoryIds: [$category] }) { edges { node { ${FIELDS} } } } }`,
} as const;

/** The versions in an answer. @throws when nothing is there */
export function versionsIn({ one, list }: GoodsAnswer): { id: string; value: Value; version: number }[] {
  const found = list ? list.edges.map(({ node }) => node) : one ? [one] : [];
  if (found.length === 0) throw new Error('nothing was found');
  return found.flatMap(({ id, title, variants }) => [
    { id, value: 'title' as const, version: Number(title.slice(1)) },
    { id, value: 'price' as const, version: variants.edges[0]?.node.price.minorUnits ?? Number.NaN },
  ]);
}
