import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCategory, addProduct, type MadeProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;
const products: MadeProduct[] = [];
const categoryIds: string[] = [];

beforeAll(async () => {
  running = await runProducts();
  const root = await addCategory(running.prisma, 'Tree');
  // 100 products, each in a category of its own with one below, so that nothing is shared by chance.
  for (let n = 0; n < 100; n += 1) {
    const category = await addCategory(running.prisma, `Category ${n}`, root.uuid);
    await addCategory(running.prisma, `Under ${n}`, category.uuid);
    categoryIds.push(category.id);
    products.push(
      await addProduct(running.prisma, {
        title: `Lamp ${n}`,
        categoryId: category.uuid,
        variants: [{ price: 1_000 }, { price: 2_000 + n }],
      }),
    );
  }
});
afterAll(() => running?.close());

describe('lists take as many statements for 1 row as for 100', () => {
  it.each([
    ['products', 1, 'products(first: $n) { edges { node { title } } }'],
    ['products → category', 2, 'products(first: $n) { edges { node { category { name } } } }'],
    [
      'products → category → parent, children',
      4,
      'products(first: $n) { edges { node { category { parent { name } children { name } } } } }',
    ],
    [
      'products → variants',
      2,
      'products(first: $n) { edges { node { variants { edges { node { sku } } } } } }',
    ],
    [
      'products → variants → inventory, stock status',
      3,
      `products(first: $n) {
        edges { node { variants { edges { node { stockStatus inventory { available } } } } } }
      }`,
    ],
    [
      'products → variants → product → category',
      4,
      `products(first: $n) {
        edges { node { variants(first: 5) { edges { node { product { category { name } } } } } } }
      }`,
    ],
    [
      'products → variants, in two ways',
      3,
      `products(first: $n) {
        edges { node { a: variants(first: 1) { edges { cursor } } b: variants(last: 1) { edges { cursor } } } }
      }`,
    ],
    [
      'products with total and facets',
      3,
      'products(first: $n) { totalCount facets { field } edges { cursor } }',
    ],
    [
      'products → category → products with total and facets',
      5,
      `products(first: $n) {
        edges { node { category { products(first: 5) { totalCount facets { field } edges { node { title } } } } } }
      }`,
    ],
    [
      'search → variants → inventory',
      3,
      `products(first: $n, search: "lamp") {
        edges { node { variants { edges { node { inventory { available } } } } } }
      }`,
    ],
    [
      'categories → products → variants → inventory',
      4,
      `categories(first: $n) {
        edges { node { products { edges { node { variants { edges { node { inventory { onHand } } } } } } } } }
      }`,
    ],
  ])('%s: %i', async (_name, expected, selection) => {
    const query = `query ($n: Int) { ${selection} }`;
    for (const n of [1, 100]) expect([n, await running.statements(query, { n })]).toEqual([n, expected]);
  });
});

describe('references take as many statements for 1 as for 100', () => {
  const references = (kind: string) =>
    ({
      Product: products.map(({ id }) => ({ __typename: 'Product', id })),
      ProductVariant: products.map(({ variantIds: [id] }) => ({ __typename: 'ProductVariant', id })),
      Category: categoryIds.map((id) => ({ __typename: 'Category', id })),
      Cart: products.map(({ id, variantIds }) => ({
        __typename: 'Cart',
        id,
        lines: variantIds.map((variantId) => ({ quantity: 2, variant: { id: variantId } })),
      })),
      CartLine: products.map(({ id, variantIds: [variantId] }) => ({
        __typename: 'CartLine',
        id,
        quantity: 2,
        variant: { id: variantId },
      })),
    })[kind] ?? [];

  it.each([
    ['Product', 1, 'title'],
    ['ProductVariant', 1, 'sku'],
    ['ProductVariant', 4, 'stockStatus inventory { available } product { title category { name } }'],
    ['Category', 4, 'parent { name } children { name } products { edges { node { title } } }'],
    ['Cart', 1, 'subtotal { amount }'],
    ['CartLine', 1, 'lineTotal { amount }'],
  ])('%s: %i', async (type, expected, selection) => {
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on ${type} { ${selection} } }
    }`;
    const all = references(type);
    expect(all).toHaveLength(100);
    for (const n of [1, 100]) {
      const representations = all.slice(0, n);
      expect([n, await running.statements(query, { representations })]).toEqual([n, expected]);
    }
  });

  it('answers each of 100 in its place', async () => {
    const representations = references('Product');
    const { _entities } = await running.data<{ _entities: object[] }>(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Product { id title } }
      }`,
      { representations },
    );
    expect(_entities).toEqual(products.map(({ id, title }) => ({ id, title })));
  });
});
