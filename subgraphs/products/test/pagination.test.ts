import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ConnectionPage,
  connectionFields,
  type PageArguments,
  walkConnection,
} from '@tributary/testing';
import { addCategory, addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

const DAY = 86_400_000; // milliseconds
const TITLES = ['Lamp', 'lamp', 'Äpfel', 'Übertopf', 'Lamp', 'Zebra rug', 'Lamp "Ø"', '灯', '🛋 sofa'];
const PRICES = [500, 1_000, 1_000, 2_500, 99_999];

interface Item {
  id: string;
  title: string;
  createdAt: string;
  priceRange: { min: { minorUnits: number; currency: string } } | null;
}

const FIELDS = 'id title createdAt priceRange { min { minorUnits currency } }';

let running: RunningProducts;
let categoryId: string;

beforeAll(async () => {
  running = await runProducts();
  const category = await addCategory(running.prisma, 'Everything');
  categoryId = category.id;
  // 47 products with few different titles, prices and days: every order has ties.
  for (let n = 0; n < 47; n += 1) {
    await addProduct(running.prisma, {
      title: `${TITLES[n % TITLES.length]}`,
      description: n % 2 ? 'a thing for the house' : 'a thing',
      currency: n % 7 === 0 ? 'EUR' : 'USD',
      categoryId: category.uuid,
      createdAt: new Date(Date.UTC(2026, 0, 1) + (n % 5) * DAY),
      variants: n % 11 === 10 ? [] : [{ price: PRICES[n % PRICES.length] ?? 0 }, { price: 99_999 }],
    });
  }
});
afterAll(() => running?.close());

const fetchProducts =
  (args: { search?: string; sort?: object }) =>
  async (page: PageArguments): Promise<ConnectionPage<Item>> =>
    (
      await running.data<{ products: ConnectionPage<Item> }>(
        `query ($first: Int, $after: String, $last: Int, $before: String, $search: String, $sort: ProductSort) {
          products(first: $first, after: $after, last: $last, before: $before, search: $search, sort: $sort) {
            ${connectionFields(FIELDS)}
          }
        }`,
        { ...page, ...args },
      )
    ).products;

/** What an order promises of neighbours; texts are compared by the database's collation, so only for equality. */
const KEYS = {
  CREATED_AT: ({ createdAt }: Item) => Date.parse(createdAt),
  PRICE: ({ priceRange }: Item) =>
    (priceRange?.min.currency === 'EUR' ? 0 : 1e9) + (priceRange?.min.minorUnits ?? Number.NaN),
};

describe('products, page by page', () => {
  it.each([
    ['by default', {}, 47],
    ['CREATED_AT ASC', { sort: { field: 'CREATED_AT', direction: 'ASC' } }, 47],
    ['CREATED_AT DESC', { sort: { field: 'CREATED_AT', direction: 'DESC' } }, 47],
    ['TITLE ASC', { sort: { field: 'TITLE', direction: 'ASC' } }, 47],
    ['TITLE DESC', { sort: { field: 'TITLE', direction: 'DESC' } }, 47],
    ['PRICE ASC', { sort: { field: 'PRICE', direction: 'ASC' } }, 43],
    ['PRICE DESC', { sort: { field: 'PRICE', direction: 'DESC' } }, 43],
    ['a search by relevance', { search: 'house or thing' }, 47],
    ['a search, RELEVANCE ASC', { search: 'thing', sort: { field: 'RELEVANCE' } }, 47],
    ['a search by title', { search: 'house', sort: { field: 'TITLE' } }, 23],
    ['a search by price', { search: 'house', sort: { field: 'PRICE', direction: 'DESC' } }, 21],
    ['a search by age', { search: 'house', sort: { field: 'CREATED_AT' } }, 23],
    ['a search with a typing error', { search: 'zebar' }, 5],
    ['a search with a typing error, by age', { search: 'zebar', sort: { field: 'CREATED_AT' } }, 5],
  ])('%s: reads the same list forward, backward and at once', async (_name, args, length) => {
    const fetchPage = fetchProducts(args);
    const whole = (await fetchPage({ first: 100 })).edges.map(({ node }) => node);
    const ids = whole.map(({ id }) => id);
    expect(ids).toHaveLength(length);
    expect(new Set(ids).size).toBe(length);
    for (const size of [1, 3, 10, length]) {
      for (const direction of ['forward', 'backward'] as const) {
        const walked = await walkConnection(fetchPage, size, direction);
        expect(walked.map(({ id }) => id)).toEqual(ids);
      }
    }
  });

  it.each(['CREATED_AT', 'PRICE'] as const)('is sorted by %s in both directions', async (field) => {
    for (const [direction, sign] of [
      ['ASC', 1],
      ['DESC', -1],
    ] as const) {
      const { edges } = await fetchProducts({ sort: { field, direction } })({ first: 100 });
      const keys = edges.map(({ node }) => KEYS[field](node));
      expect(keys).toEqual([...keys].sort((a, b) => sign * (a - b)));
    }
  });

  it('is sorted by title as the database sorts texts', async () => {
    const rows = await running.prisma.product.findMany({ orderBy: [{ title: 'asc' }, { id: 'asc' }] });
    const { edges } = await fetchProducts({ sort: { field: 'TITLE', direction: 'ASC' } })({ first: 100 });
    expect(edges.map(({ node }) => node.title)).toEqual(rows.map(({ title }) => title));
  });

  it('answers an empty page that knows its surroundings for first: 0', async () => {
    const page = await fetchProducts({})({ first: 0 });
    expect(page).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('has 20 products on a page when nothing is said', async () => {
    expect((await fetchProducts({})({})).edges).toHaveLength(20);
  });

  it('goes on after a product that was deleted', async () => {
    const fetchPage = fetchProducts({});
    const doomed = await addProduct(running.prisma, { title: 'Doomed' });
    const [first] = (await fetchPage({ first: 2 })).edges;
    expect(first?.node.id).toBe(doomed.id);
    const [next] = (await fetchPage({ first: 1, after: first?.cursor ?? null })).edges;
    await running.prisma.product.delete({ where: { id: doomed.uuid } });
    expect((await fetchPage({ first: 1, after: first?.cursor ?? null })).edges).toEqual([next]);
  });
});

describe('other lists, page by page', () => {
  const page = 'first: $first, after: $after, last: $last, before: $before';
  const variables = '($first: Int, $after: String, $last: Int, $before: String, $id: ID!)';
  const walked = async (field: (fields: string) => string, read: (data: never) => ConnectionPage<Item>) => {
    const query = `query ${variables} { __typename ${field(connectionFields('id'))} }`;
    const fetchPage = async (args: PageArguments) =>
      read((await running.data(query, { id: categoryId, ...args })) as never);
    const [forward, backward] = await Promise.all([
      walkConnection(fetchPage, 4, 'forward'),
      walkConnection(fetchPage, 4, 'backward'),
    ]);
    const ids = forward.map(({ id }) => id);
    expect(backward.map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    return ids;
  };

  it('Category.products', async () => {
    const ids = await walked(
      (fields) => `category(id: $id) { products(${page}) { ${fields} } }`,
      (data: { category: { products: ConnectionPage<Item> } }) => data.category.products,
    );
    const { edges } = await fetchProducts({})({ first: 100 });
    expect(ids).toEqual(edges.map(({ node }) => node.id));
  });

  it('categories, 50 on a page when nothing is said', async () => {
    for (let n = 0; n < 60; n += 1) await addCategory(running.prisma, `Category ${n % 7}`);
    const ids = await walked(
      (fields) => `category(id: $id) { id } categories(${page}) { ${fields} }`,
      (data: { categories: ConnectionPage<Item> }) => data.categories,
    );
    expect(ids).toHaveLength(61);
    const { categories } = await running.data<{ categories: { edges: object[] } }>(
      '{ categories { edges { cursor } } }',
    );
    expect(categories.edges).toHaveLength(50);
  });

  it('Product.variants', async () => {
    const product = await addProduct(running.prisma, {
      title: 'Many',
      variants: Array.from({ length: 23 }, (_, n) => ({ price: n })),
    });
    const ids = await walked(
      (fields) => `category(id: $id) { id } product(id: "${product.id}") { variants(${page}) { ${fields} } }`,
      (data: { product: { variants: ConnectionPage<Item> } }) => data.product.variants,
    );
    expect(ids).toEqual(product.variantIds);
  });
});
