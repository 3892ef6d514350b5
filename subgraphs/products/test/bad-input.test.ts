import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { addCategory, addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;

beforeAll(async () => {
  running = await runProducts();
  const category = await addCategory(running.prisma, 'Lamps');
  for (let n = 0; n < 3; n += 1) {
    await addProduct(running.prisma, { title: `Lamp ${n}`, categoryId: category.uuid });
  }
});
afterAll(() => running?.close());

const PRODUCTS = `query (
  $first: Int, $after: String, $last: Int, $before: String, $search: String, $filter: ProductFilter, $sort: ProductSort
) {
  products(first: $first, after: $after, last: $last, before: $before, search: $search, filter: $filter, sort: $sort) {
    edges { cursor node { title } }
    totalCount
    facets { field values { value } }
  }
}`;

/** Code, reason and argument of the only error; the field itself is null. */
async function refusalOf(variables: Record<string, unknown>) {
  const { data, errors, status } = await running.ask<{ products: null }>(PRODUCTS, variables, 'STAFF');
  expect(status).toBe(200);
  expect(data).toEqual({ products: null });
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions;
}

const refused = (reason: string, argument: string) => ({ code: 'BAD_USER_INPUT', reason, argument });
const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('pages', () => {
  it.each([
    [{ first: 1000 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ last: -1 }, 'last'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ after: 'x', before: 'y' }, 'before'],
    [{ first: 1, before: 'x' }, 'first'],
    [{ last: 1, after: 'x' }, 'after'],
  ])('refuses %j', async (variables, argument) => {
    expect(await refusalOf(variables)).toEqual(refused('INVALID_PAGINATION', argument));
  });

  const id = randomUUID();
  it.each([
    ['empty', ''],
    ['no base64', '💥'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['of another order', cursorOf('products all TITLE DESC', 'Lamp', id)],
    ['of another list', cursorOf('categories', 'Lamp', id)],
    ['short of a key', cursorOf('products all CREATED_AT DESC', '2026-01-01T00:00:00.000Z')],
    ['of no time', cursorOf('products all CREATED_AT DESC', 'now', id)],
    ['of a day that is none', cursorOf('products all CREATED_AT DESC', '2026-02-31T00:00:00.000Z', id)],
    ['of no uuid', cursorOf('products all CREATED_AT DESC', '2026-01-01T00:00:00.000Z', "'; --")],
    ['of numbers', cursorOf('products all CREATED_AT DESC', 1, 2)],
  ])('refuses a cursor that is %s', async (_name, cursor) => {
    expect(await refusalOf({ after: cursor })).toEqual(refused('INVALID_CURSOR', 'after'));
    expect(await refusalOf({ before: cursor })).toEqual(refused('INVALID_CURSOR', 'before'));
  });

  it.each([
    ['of no currency', ['XXX', '1000', id]],
    ['of no number', ['USD', '1e3', id]],
    ['beyond all numbers', ['USD', '9'.repeat(19), id]],
  ])('refuses a cursor by price that is %s', async (_name, keys) => {
    const after = cursorOf('products all PRICE ASC', ...keys);
    expect(await refusalOf({ after, sort: { field: 'PRICE' } })).toEqual(refused('INVALID_CURSOR', 'after'));
  });

  it('refuses a cursor that was given for another order', async () => {
    const { products } = await running.data<{ products: { edges: { cursor: string }[] } }>(PRODUCTS, {
      sort: { field: 'TITLE' },
    });
    const after = products.edges[0]?.cursor;
    expect(await refusalOf({ after })).toEqual(refused('INVALID_CURSOR', 'after'));
    expect(await refusalOf({ after, search: 'lamp', sort: { field: 'TITLE' } })).toEqual(
      refused('INVALID_CURSOR', 'after'),
    );
  });
});

describe('filters and sorts', () => {
  const price = (range: object) => ({ filter: { price: { currency: 'USD', ...range } } });
  const category = () => toGlobalId('Category', randomUUID());

  it.each([
    ['min above max', () => price({ min: 2, max: 1 }), 'INVALID_ARGUMENT', 'filter.price.min'],
    ['a negative min', () => price({ min: -1 }), 'INVALID_ARGUMENT', 'filter.price.min'],
    ['a negative max', () => price({ max: -1 }), 'INVALID_ARGUMENT', 'filter.price.max'],
    [
      'a malformed category',
      () => ({ filter: { categoryIds: [category(), 'x'] } }),
      'INVALID_ID',
      'filter.categoryIds.1',
    ],
    [
      'the id of a product as category',
      () => ({ filter: { categoryIds: [toGlobalId('Product', randomUUID())] } }),
      'INVALID_ID',
      'filter.categoryIds.0',
    ],
    [
      '101 categories',
      () => ({ filter: { categoryIds: Array.from({ length: 101 }, category) } }),
      'INVALID_ARGUMENT',
      'filter.categoryIds',
    ],
    [
      'relevance without a search',
      () => ({ sort: { field: 'RELEVANCE' } }),
      'INVALID_ARGUMENT',
      'sort.field',
    ],
  ])('refuses %s', async (_name, variables, reason, argument) => {
    expect(await refusalOf(variables())).toEqual(refused(reason, argument));
  });

  it.each([
    ['an unknown sort', { sort: { field: 'COLOUR' } }],
    ['an unknown direction', { sort: { field: 'TITLE', direction: 'UP' } }],
    ['an unknown status', { filter: { status: ['GONE'] } }],
    ['an unknown currency', { filter: { price: { currency: 'XXX' } } }],
    ['no currency', { filter: { price: { min: 1 } } }],
    ['half a cent', { filter: { price: { min: 0.5, currency: 'USD' } } }],
    ['a price beyond all numbers', { filter: { price: { max: 2 ** 53, currency: 'USD' } } }],
    ['a page of half an item', { first: 0.5 }],
  ])('refuses %s by the schema', async (_name, variables) => {
    const { status, data, errors } = await running.ask(PRODUCTS, variables);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });

  it.each([
    ['no category', { categoryIds: [] }],
    ['a category that does not exist', { categoryIds: [category()] }],
    ['no status', { status: [] }],
  ])('finds nothing for %s', async (_name, filter) => {
    const { products } = await running.data<{ products: object }>(PRODUCTS, { filter }, 'STAFF');
    expect(products).toMatchObject({ edges: [], totalCount: 0 });
  });
});

describe('searches', () => {
  it('refuses more than 200 characters', async () => {
    const tooLong = refused('TEXT_TOO_LONG', 'search');
    expect(await refusalOf({ search: 'lamp '.repeat(2_000) })).toEqual(tooLong);
    expect(await refusalOf({ search: 'x'.repeat(201) })).toEqual(tooLong);
    for (const character of ['x', '👋']) {
      expect((await running.ask(PRODUCTS, { search: character.repeat(200) })).errors).toBeUndefined();
    }
  });

  it('refuses NUL', async () => {
    const { data, errors } = await running.ask(PRODUCTS, { search: 'lamp\0' });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toEqual(refused('NUL_CHARACTER', 'search'));
  });

  it.each(['', '   ', '!!!', '-', '"', '"" or ""', '%', '_', '\\', "'", '🎉🎉', '…—¿', '&|!()<->:*'])(
    'finds nothing for %j, which has no word',
    async (search) => {
      const { products } = await running.data<{ products: object }>(PRODUCTS, { search });
      expect(products).toEqual({
        edges: [],
        totalCount: 0,
        facets: ['CATEGORY', 'PRICE', 'IN_STOCK'].map((field) => ({ field, values: [] })),
      });
    },
  );

  it.each([
    "'; DROP TABLE products; --",
    "' OR 1=1 --",
    '1) UNION SELECT * FROM products --',
    '$1 $2 :x ?',
    '"lamp',
    'lamp"',
    '-lamp',
    '--lamp -"',
    'or or or',
    'or lamp or',
    'lamp & | ! <-> :* ( )',
    '💡 lamp 💡',
    '\ud800 lamp',
    'ламп 灯 מנורה',
    'a',
    'the',
    '\\x00 \\u0000 \\',
    '%lamp_',
  ])('never fails: %j', async (search) => {
    for (const sort of [undefined, { field: 'TITLE' }]) {
      const { data, errors } = await running.ask(PRODUCTS, { search, sort });
      expect(errors).toBeUndefined();
      expect(data).toEqual({ products: expect.objectContaining({ totalCount: expect.any(Number) }) });
    }
    expect(await running.prisma.product.count()).toBe(3);
  });
});

describe('ids', () => {
  const malformed = ['', 'x', '💥', "'; --", 'a'.repeat(10_000), toGlobalId('Order', randomUUID())];

  it.each([
    ['product', 'Product', malformed],
    ['category', 'Category', malformed],
  ])('%s refuses what is no id of a %s', async (field, _type, ids) => {
    for (const id of ids) {
      const { data, errors } = await running.ask(`query ($id: ID!) { ${field}(id: $id) { id } }`, { id });
      expect(data).toEqual({ [field]: null });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([refused('INVALID_ID', 'id')]);
    }
  });

  it('answers null for what does not exist', async () => {
    expect(
      await running.data('query ($p: ID!, $c: ID!) { product(id: $p) { id } category(id: $c) { id } }', {
        p: toGlobalId('Product', randomUUID()),
        c: toGlobalId('Category', randomUUID()),
      }),
    ).toEqual({ product: null, category: null });
  });

  it.each(['nothing', '', '💡', 'x'.repeat(10_000), "' OR 1=1 --"])(
    'answers null for slug %j',
    async (slug) => {
      const query = 'query ($slug: String!) { productBySlug(slug: $slug) { id } }';
      expect(await running.data(query, { slug })).toEqual({ productBySlug: null });
    },
  );
});
