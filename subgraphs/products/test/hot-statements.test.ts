import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeDatasets, seedDatabase } from '@tributary/prisma/seed';
import { type RunningProducts, runProducts } from './support/running-products.ts';

const SCALE = 10; // 10,000 products, 40,000 variants

let running: RunningProducts;

beforeAll(async () => {
  running = await runProducts({
    seed: {
      key: `scale ${SCALE}`,
      run: async (url) => void (await seedDatabase({ url, dataset: makeDatasets(SCALE).products })),
    },
  });
});
afterAll(() => running?.close());

interface Sample {
  categories: { edges: { node: { id: string; children: object[] } }[] };
  products: {
    edges: {
      cursor: string;
      node: { id: string; slug: string; variants: { edges: { node: { id: string } }[] } };
    }[];
  };
}

/** What front ends ask all day. Counting whole lists is not among them: who counts everything reads everything. */
const HOT = `query (
  $id: ID!, $slug: String!, $category: ID!, $cursor: String!, $representations: [_Any!]!
) {
  product(id: $id) { ...details }
  productBySlug(slug: $slug) { ...details }
  newest: products { ...page }
  further: products(first: 100, after: $cursor) { ...page }
  byTitle: products(sort: { field: TITLE }) { ...page }
  byPrice: products(sort: { field: PRICE }) { ...page }
  dearest: products(sort: { field: PRICE, direction: DESC }) { ...page }
  branch: products(filter: { categoryIds: [$category] }) { ...page }
  branchByPrice: products(filter: { categoryIds: [$category] }, sort: { field: PRICE }) { ...page }
  affordable: products(filter: { price: { min: 2000, max: 2500, currency: USD } }) { ...page }
  inStock: products(filter: { inStock: true }) { ...page }
  search: products(search: "jacket") { ...page totalCount facets { field } }
  typingError: products(search: "jaket") { ...page totalCount }
  category(id: $category) { children { products(first: 5) { ...page } } }
  _entities(representations: $representations) {
    ... on ProductVariant { stockStatus price { amount } product { title } }
  }
}
fragment page on ProductConnection { edges { node { title priceRange { min { amount } } } } }
fragment details on Product {
  title category { name } variants { edges { node { title price { amount } stockStatus inventory { available } } } }
}`;

it('reads no large table from one end to the other', async () => {
  const { categories, products } = await running.data<Sample>(`{
    categories { edges { node { id children { id } } } }
    products(first: 100) { edges { cursor node { id slug variants { edges { node { id } } } } } }
  }`);
  const [first] = products.edges;
  const before = await scans();
  await running.data(
    HOT,
    {
      id: first?.node.id,
      slug: first?.node.slug,
      cursor: first?.cursor,
      category: categories.edges.find(({ node }) => node.children.length > 0)?.node.id,
      representations: products.edges.flatMap(({ node }) =>
        node.variants.edges.map(({ node: { id } }) => ({ __typename: 'ProductVariant', id })),
      ),
    },
    'STAFF',
  );
  // A connection reports what it counted at the latest when it ends.
  await running.stop();
  while (await endOthers()) await setTimeout(20);
  const after = await scans();
  for (const table of ['products', 'product_variants', 'inventory']) {
    const [was, is] = [before.get(table), after.get(table)];
    expect({ table, sequential: (is?.sequential ?? 0) - (was?.sequential ?? 0) }).toEqual({
      table,
      sequential: 0,
    });
    expect(is?.byIndex).toBeGreaterThan(was?.byIndex ?? Number.POSITIVE_INFINITY);
  }
});

/** How often each table was read, by its name. */
async function scans(): Promise<Map<string, { sequential: number; byIndex: number }>> {
  const rows = await running.prisma.$queryRaw<{ table: string; sequential: number; byIndex: number }[]>`
    SELECT relname AS "table", seq_scan::integer AS sequential, coalesce(idx_scan, 0)::integer AS "byIndex"
    FROM pg_stat_user_tables`;
  return new Map(rows.map(({ table, ...counts }) => [table, counts]));
}

/** Ends the connections beside the test's own, which a pooler keeps when who used them is gone. @returns how many there were */
async function endOthers(): Promise<number> {
  const [row] = await running.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(pg_terminate_backend(pid))::integer AS count FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  return row?.count ?? 0;
}
