import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { addCategory, addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;

beforeAll(async () => {
  running = await runProducts();
});
afterAll(() => running?.close());

describe('a product', () => {
  it('is answered in full', async () => {
    const home = await addCategory(running.prisma, 'Home');
    const lamps = await addCategory(running.prisma, 'Lamps', home.uuid);
    const slug = `lamp-${randomUUID()}`;
    const { id, variantIds } = await addProduct(running.prisma, {
      title: 'Lamp 💡 "Ø"',
      description: 'Shines.',
      slug,
      categoryId: lamps.uuid,
      currency: 'EUR',
      createdAt: new Date('2026-03-01T12:00:00.123Z'),
      variants: [{ price: 4_999 }, { price: 5 }, { price: 123_456_789_012 }],
    });
    const { productBySlug } = await running.data<{ productBySlug: object }>(
      `query ($slug: String!) {
        productBySlug(slug: $slug) {
          id slug title description status createdAt
          category { id name parent { name parent { name } } children { name } }
          priceRange { min { minorUnits amount currency } max { minorUnits amount currency } }
          variants { edges { node { id title price { amount currency } product { id } } } }
        }
      }`,
      { slug },
    );
    const variant = (n: number, amount: string) => ({
      node: { id: variantIds[n], title: `Variant ${n}`, price: { amount, currency: 'EUR' }, product: { id } },
    });
    expect(productBySlug).toEqual({
      id,
      slug,
      title: 'Lamp 💡 "Ø"',
      description: 'Shines.',
      status: 'ACTIVE',
      createdAt: '2026-03-01T12:00:00.123Z',
      category: { id: lamps.id, name: 'Lamps', parent: { name: 'Home', parent: null }, children: [] },
      priceRange: {
        min: { minorUnits: 5, amount: '0.05', currency: 'EUR' },
        max: { minorUnits: 123_456_789_012, amount: '1234567890.12', currency: 'EUR' },
      },
      variants: { edges: [variant(0, '49.99'), variant(1, '0.05'), variant(2, '1234567890.12')] },
    });
  });

  it('may lack category, description and variants', async () => {
    const { id } = await addProduct(running.prisma, { title: 'Bare', variants: [] });
    const answer = await running.data(
      `query ($id: ID!) {
        product(id: $id) { description category { id } priceRange { min { amount } } variants { edges { cursor } } }
      }`,
      { id },
    );
    expect(answer).toEqual({
      product: { description: null, category: null, priceRange: null, variants: { edges: [] } },
    });
  });
});

describe('stock', () => {
  it.each([
    ['OUT_OF_STOCK', { onHand: null }, null],
    ['OUT_OF_STOCK', { onHand: 0 }, 0],
    ['OUT_OF_STOCK', { onHand: 7, reserved: 7 }, 0],
    ['LOW_STOCK', { onHand: 1 }, 1],
    ['LOW_STOCK', { onHand: 12, reserved: 7 }, 5],
    ['IN_STOCK', { onHand: 6 }, 6],
  ])('is %s for %j', async (stockStatus, stock, available) => {
    const { id } = await addProduct(running.prisma, { title: 'Lamp', variants: [{ price: 1, ...stock }] });
    const answer = await running.data(
      `query ($id: ID!) { product(id: $id) { variants { edges { node { stockStatus inventory { available } } } } } }`,
      { id },
      'STAFF',
    );
    const inventory = available === null ? null : { available };
    expect(answer).toEqual({ product: { variants: { edges: [{ node: { stockStatus, inventory } }] } } });
  });
});

describe('categories', () => {
  it('has children by name', async () => {
    const top = await addCategory(running.prisma, 'Top');
    for (const name of ['Cups', 'Axes', 'Beds']) await addCategory(running.prisma, name, top.uuid);
    const answer = await running.data('query ($id: ID!) { category(id: $id) { children { name } } }', top);
    expect(answer).toEqual({
      category: { children: [{ name: 'Axes' }, { name: 'Beds' }, { name: 'Cups' }] },
    });
  });

  it('answers references, and null for what does not exist', async () => {
    const { id } = await addCategory(running.prisma, 'Referenced');
    const { _entities } = await running.data<{ _entities: object[] }>(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Category { name } ... on Product { title } }
      }`,
      {
        representations: [
          { __typename: 'Category', id },
          { __typename: 'Category', id: toGlobalId('Category', randomUUID()) },
          { __typename: 'Product', id: toGlobalId('Product', randomUUID()) },
        ],
      },
    );
    expect(_entities).toEqual([{ name: 'Referenced' }, null, null]);
  });
});
