import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCategory, addProduct, type MadeProduct, type NewVariant } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

/** A product as the test remembers it, to count by hand what SQL counts. */
interface Remembered extends MadeProduct {
  currency: 'EUR' | 'USD';
  category: string | null;
  variants: readonly NewVariant[];
}

interface Filter {
  categoryIds?: string[];
  price?: { min?: number; max?: number; currency: string };
  inStock?: boolean;
}

const PRICES = [0, 999, 1_000, 2_499, 2_500, 4_999, 5_000, 9_999, 10_000, 250_000];
const RANGES: [number, number, string][] = [
  [0, 999, '0-999'],
  [1_000, 2_499, '1000-2499'],
  [2_500, 4_999, '2500-4999'],
  [5_000, 9_999, '5000-9999'],
  [10_000, Number.POSITIVE_INFINITY, '10000-'],
];

let running: RunningProducts;
const remembered: Remembered[] = [];
/** By name: a tree of three levels. */
const ids: Record<string, string> = {};
const PARENTS: Record<string, string> = { Outdoor: 'Shop', Tents: 'Outdoor', Home: 'Shop' };

beforeAll(async () => {
  running = await runProducts();
  const uuids: Record<string, string> = {};
  for (const name of ['Shop', 'Outdoor', 'Tents', 'Home', 'Empty']) {
    const parent = PARENTS[name];
    const category = await addCategory(
      running.prisma,
      name,
      parent === undefined ? undefined : uuids[parent],
    );
    ids[name] = category.id;
    uuids[name] = category.uuid;
  }
  const categories = ['Shop', 'Outdoor', 'Tents', 'Home', null];
  for (let n = 0; n < 90; n += 1) {
    const category = categories[n % 5] ?? null;
    const currency = n % 3 === 0 ? 'EUR' : 'USD';
    const variants = Array.from({ length: n % 4 }, (_, m) => ({
      price: PRICES[(n * 7 + m * 3) % PRICES.length] ?? 0,
      onHand: (n + m) % 3 === 0 ? null : 5,
      reserved: (n + m) % 3 === 1 ? 5 : 0,
    }));
    const made = await addProduct(running.prisma, {
      title: n % 2 ? `Lamp ${n}` : `Chair ${n}`,
      currency,
      variants: variants.map(({ onHand, reserved, price }) => ({
        price,
        onHand,
        ...(onHand !== null && { reserved }),
      })),
      ...(category && { categoryId: uuids[category] ?? '' }),
    });
    remembered.push({ ...made, currency, category, variants });
  }
});
afterAll(() => running?.close());

const isWithin = (category: string | undefined, above: string): boolean =>
  category !== undefined && (category === above || isWithin(PARENTS[category], above));
const canBeSold = ({ variants }: Remembered) =>
  variants.some(({ onHand, reserved = 0 }) => onHand != null && onHand > reserved);

function fits(product: Remembered, { categoryIds, price, inStock }: Filter): boolean {
  const { min = 0, max = Number.POSITIVE_INFINITY, currency = product.currency } = price ?? {};
  const names = Object.keys(ids).filter((name) => categoryIds?.includes(ids[name] ?? ''));
  return (
    (!categoryIds || names.some((name) => isWithin(product.category ?? undefined, name))) &&
    (!price ||
      (product.currency === currency &&
        product.variants.some((variant) => variant.price >= min && variant.price <= max))) &&
    (inStock === undefined || canBeSold(product) === inStock)
  );
}

/** value → number of products */
function tally(products: readonly Remembered[], valuesOf: (product: Remembered) => string[]) {
  const counts: Record<string, number> = {};
  for (const product of products) {
    for (const value of new Set(valuesOf(product))) counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

const rangesOf = ({ variants, currency }: Remembered) =>
  variants.flatMap(({ price }) =>
    RANGES.filter(([min, max]) => price >= min && price <= max).map(([, , name]) => `${currency}:${name}`),
  );

const countsOf = (products: readonly Remembered[]) => ({
  CATEGORY: tally(products, ({ category }) => (category === null ? [] : [ids[category] ?? ''])),
  PRICE: tally(products, rangesOf),
  IN_STOCK: tally(products, (product) => [String(canBeSold(product))]),
});

interface Listed {
  edges: { node: { id: string } }[];
  totalCount: number;
  facets: { field: string; values: { value: string; label: string; count: number }[] }[];
}

async function list(filter: Filter, search?: string, sort?: object): Promise<Listed> {
  const { products } = await running.data<{ products: Listed }>(
    `query ($filter: ProductFilter, $search: String, $sort: ProductSort) {
      products(first: 100, filter: $filter, search: $search, sort: $sort) {
        edges { node { id } } totalCount facets { field values { value label count } }
      }
    }`,
    { filter, search, sort },
  );
  return products;
}

const asCounts = (facets: Listed['facets']) =>
  Object.fromEntries(
    facets.map(({ field, values }) => [
      field,
      Object.fromEntries(values.map(({ value, count }) => [value, count])),
    ]),
  );

describe('filters, totals and facets are what counting by hand gives', () => {
  it.each<[string, () => Filter]>([
    ['no filter', () => ({})],
    ['a category with all below', () => ({ categoryIds: [ids.Shop ?? ''] })],
    ['a category in the middle', () => ({ categoryIds: [ids.Outdoor ?? ''] })],
    ['a leaf', () => ({ categoryIds: [ids.Tents ?? ''] })],
    [
      'several categories, one within another',
      () => ({ categoryIds: [ids.Tents ?? '', ids.Outdoor ?? '', ids.Home ?? ''] }),
    ],
    ['an empty category', () => ({ categoryIds: [ids.Empty ?? ''] })],
    ['a currency', () => ({ price: { currency: 'EUR' } })],
    ['prices from', () => ({ price: { min: 2_500, currency: 'USD' } })],
    ['prices up to', () => ({ price: { max: 999, currency: 'USD' } })],
    ['prices between, ends included', () => ({ price: { min: 1_000, max: 2_499, currency: 'USD' } })],
    ['a gap between the prices of most', () => ({ price: { min: 10_001, max: 249_999, currency: 'USD' } })],
    ['one price', () => ({ price: { min: 9_999, max: 9_999, currency: 'EUR' } })],
    ['in stock', () => ({ inStock: true })],
    ['out of stock', () => ({ inStock: false })],
    [
      'everything at once',
      () => ({
        categoryIds: [ids.Shop ?? ''],
        price: { min: 999, max: 9_999, currency: 'USD' },
        inStock: true,
      }),
    ],
  ])('%s', async (_name, filterOf) => {
    const filter = filterOf();
    for (const search of [undefined, 'lamp', 'lamb']) {
      const found = remembered.filter(
        (product) => fits(product, filter) && (search === undefined || product.title.startsWith('Lamp')),
      );
      const listed = await list(filter, search);
      expect(listed.edges.map(({ node }) => node.id).sort()).toEqual(found.map(({ id }) => id).sort());
      expect(listed.totalCount).toBe(found.length);
      expect(asCounts(listed.facets)).toEqual(countsOf(found));
    }
  });

  it('leaves products without a price out of lists by price, and of their counts', async () => {
    const listed = await list({}, undefined, { field: 'PRICE' });
    const priced = remembered.filter(({ variants }) => variants.length > 0);
    expect(listed.edges).toHaveLength(priced.length);
    expect(listed.totalCount).toBe(priced.length);
    expect(asCounts(listed.facets)).toEqual(countsOf(priced));
  });

  it('counts a range of prices as a filter by it would', async () => {
    const { facets } = await list({});
    const values = facets.find(({ field }) => field === 'PRICE')?.values ?? [];
    expect(values.length).toBe(10);
    for (const { value, count } of values) {
      const [, currency = '', min, max] = /^(\w+):(\d+)-(\d*)$/.exec(value) ?? [];
      const price = { currency, min: Number(min), ...(max && { max: Number(max) }) };
      expect((await list({ price })).totalCount).toBe(count);
    }
  });

  it('shows the most frequent first, with labels', async () => {
    const { facets } = await list({ categoryIds: [ids.Shop ?? ''] });
    for (const { values } of facets) {
      const counts = values.map(({ count }) => count);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
    }
    const labels = facets.flatMap(({ values }) => values.map(({ label }) => label));
    expect(labels).toEqual(
      expect.arrayContaining(['Tents', '$10.00 – $24.99', '€100.00 and more', 'In stock', 'Out of stock']),
    );
  });
});

it('counts the lists of categories as each alone', async () => {
  const { categories } = await running.data<{
    categories: { edges: { node: { name: string; products: Listed } }[] };
  }>(`{ categories { edges { node { name products(first: 100) {
    edges { node { id } } totalCount facets { field values { value label count } }
  } } } } }`);
  expect(categories.edges).toHaveLength(5);
  for (const { node } of categories.edges) {
    const found = remembered.filter(({ category }) => category === node.name);
    expect(node.products.edges.map(({ node: product }) => product.id).sort()).toEqual(
      found.map(({ id }) => id).sort(),
    );
    expect(node.products.totalCount).toBe(found.length);
    expect(asCounts(node.products.facets)).toEqual(countsOf(found));
  }
});
