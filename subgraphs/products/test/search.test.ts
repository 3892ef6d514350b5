import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addProduct } from './support/rows.ts';
import { type Asker, type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;

beforeAll(async () => {
  running = await runProducts();
  const { prisma } = running;
  await addProduct(prisma, { title: 'Wireless Headphones', description: 'For music on the train' });
  await addProduct(prisma, { title: 'Desk Lamp', description: 'Warm light, goes well with headphones' });
  await addProduct(prisma, { title: 'Mechanical Keyboard', variants: [{ price: 9_900 }] });
  await addProduct(prisma, { title: 'Rain Jacket', variants: [{ price: 12_000 }] });
  await addProduct(prisma, { title: 'Down Jacket', variants: [{ price: 20_000 }] });
  await addProduct(prisma, { title: 'Linen Shirt' });
  await addProduct(prisma, { title: 'Café Crème Mug' });
  await addProduct(prisma, { title: 'Keybord Prototype', status: 'DRAFT' });
});
afterAll(() => running?.close());

async function find(search: string, rest: object = {}, asker?: Asker) {
  const { products } = await running.data<{
    products: { edges: { node: { title: string } }[]; totalCount: number };
  }>(
    `query ($search: String!, $filter: ProductFilter, $sort: ProductSort) {
      products(search: $search, filter: $filter, sort: $sort) { edges { node { title } } totalCount }
    }`,
    { search, ...rest },
    asker,
  );
  expect(products.totalCount).toBe(products.edges.length);
  return products.edges.map(({ node }) => node.title);
}

describe('words', () => {
  it('finds them in title and description, those in the title first', async () => {
    expect(await find('headphones')).toEqual(['Wireless Headphones', 'Desk Lamp']);
  });

  it.each([
    ['HEADPHONE', ['Wireless Headphones', 'Desk Lamp']],
    ['lights', ['Desk Lamp']],
    ['"desk lamp"', ['Desk Lamp']],
    ['jackets -rain', ['Down Jacket']],
    ['  shirts  ', ['Linen Shirt']],
    ['shirt or keyboard', ['Linen Shirt', 'Mechanical Keyboard']],
    ['café', ['Café Crème Mug']],
    ['shirt or cafe\u0301', ['Linen Shirt', 'Café Crème Mug']], // the accent apart, as some keyboards send it
  ])('%s', async (search, titles) => {
    expect((await find(search)).sort()).toEqual([...titles].sort());
  });
});

describe('typing errors', () => {
  it.each([
    ['hedphones', 'Wireless Headphones'],
    ['headfones', 'Wireless Headphones'],
    ['wireles hedphones', 'Wireless Headphones'],
    ['keybaord', 'Mechanical Keyboard'],
    ['mecanical kebyoard', 'Mechanical Keyboard'],
    ['jaket', 'Rain Jacket'],
    ['shrit', 'Linen Shirt'],
    ['cafe creme', 'Café Crème Mug'],
  ])('forgives %s', async (search, title) => {
    expect(await find(search)).toContain(title);
  });

  it('finds nothing for what is near to nothing', async () => {
    expect(await find('xyzzyqq')).toEqual([]);
  });

  it('never shows something similar because of the filters', async () => {
    const price = { max: 100, currency: 'USD' };
    expect(await find('jacket', { filter: { price } })).toEqual([]);
    expect(await find('jaket', { filter: { price: { ...price, max: 12_000 } } })).toEqual(['Rain Jacket']);
  });

  it('shows customers something similar where only staff would find the words', async () => {
    expect(await find('keybord', {}, 'STAFF')).toEqual(['Keybord Prototype']);
    expect(await find('keybord')).toEqual(['Mechanical Keyboard']);
  });

  it('goes on as it began when the words have come since', async () => {
    const query = `query ($after: String) {
      products(search: "jaket", first: 1, after: $after) { edges { cursor node { title } } totalCount }
    }`;
    type Page = { products: { edges: { cursor: string; node: { title: string } }[]; totalCount: number } };
    const first = (await running.data<Page>(query)).products;
    const late = await addProduct(running.prisma, { title: 'Jaket' });
    try {
      const next = (await running.data<Page>(query, { after: first.edges[0]?.cursor })).products;
      const titles = [first, next].map(({ edges }) => edges[0]?.node.title).sort();
      expect(titles).toEqual(['Down Jacket', 'Rain Jacket']);
      expect((await running.data<Page>(query)).products).toMatchObject({
        edges: [{ node: { title: 'Jaket' } }],
        totalCount: 1,
      });
    } finally {
      await running.prisma.product.delete({ where: { id: late.uuid } });
    }
  });

  it('takes one statement for a page with the words, and three without', async () => {
    const page = (search: string) => `{ products(search: "${search}") { edges { node { id } } } }`;
    expect(await running.statements(page('jacket'))).toBe(1);
    expect(await running.statements(page('jaket'))).toBe(3);
    expect(await running.statements(page('!!!'))).toBe(0);
  });
});
