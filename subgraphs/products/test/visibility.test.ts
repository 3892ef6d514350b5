import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCategory, addProduct, type MadeProduct } from './support/rows.ts';
import { type Asker, type RunningProducts, runProducts } from './support/running-products.ts';

const STATUSES = ['ACTIVE', 'ARCHIVED', 'DRAFT'] as const;
type Status = (typeof STATUSES)[number];

let running: RunningProducts;
const products = {} as Record<Status, MadeProduct>;
let categoryId: string;

beforeAll(async () => {
  running = await runProducts();
  const category = await addCategory(running.prisma, 'Lamps');
  categoryId = category.id;
  for (const status of STATUSES) {
    products[status] = await addProduct(running.prisma, {
      title: `Lamp ${status}`,
      slug: status.toLowerCase(),
      status,
      categoryId: category.uuid,
    });
  }
});
afterAll(() => running?.close());

const seenBy = (asker: Asker): readonly Status[] =>
  asker === 'STAFF' || asker === 'ADMIN' ? STATUSES : ['ACTIVE'];

describe.each(['NOBODY', 'CUSTOMER', 'STAFF', 'ADMIN'] as const)('%s', (asker) => {
  it.each(STATUSES)('looks up a product that is %s', async (status) => {
    const { id } = products[status];
    const expected = seenBy(asker).includes(status) ? { id, status } : null;
    const answer = await running.data(
      `query ($id: ID!, $slug: String!, $representations: [_Any!]!) {
        product(id: $id) { id status }
        productBySlug(slug: $slug) { id status }
        _entities(representations: $representations) { ... on Product { id status } }
      }`,
      { id, slug: status.toLowerCase(), representations: [{ __typename: 'Product', id }] },
      asker,
    );
    expect(answer).toEqual({ product: expected, productBySlug: expected, _entities: [expected] });
  });

  it('lists products', async () => {
    const answer = await running.data<Record<string, { totalCount: number; edges: { node: object }[] }>>(
      `query {
        all: products(sort: { field: TITLE }) { ...found }
        search: products(search: "lamp", sort: { field: TITLE }) { ...found }
        asked: products(filter: { status: [DRAFT, ARCHIVED, ACTIVE] }, sort: { field: TITLE }) { ...found }
      }
      fragment found on ProductConnection { totalCount edges { node { status } } facets { values { count } } }`,
      {},
      asker,
    );
    const statuses = seenBy(asker).map((status) => ({ node: { status } }));
    for (const list of Object.values(answer)) {
      expect(list.edges).toEqual(statuses);
      expect(list.totalCount).toBe(statuses.length);
    }
  });

  it('filters by status', async () => {
    const { products: drafts } = await running.data<{ products: { edges: { node: object }[] } }>(
      '{ products(filter: { status: [DRAFT] }) { edges { node { status } } } }',
      {},
      asker,
    );
    const status = asker === 'STAFF' || asker === 'ADMIN' ? 'DRAFT' : 'ACTIVE';
    expect(drafts.edges).toEqual([{ node: { status } }]);
  });

  it.each(STATUSES)('follows a reference to a variant of a product that is %s', async (status) => {
    const [id] = products[status].variantIds;
    const seen = status !== 'DRAFT' || seenBy(asker).includes(status);
    const answer = await running.data(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          ... on ProductVariant { id price { amount } product { id title status } }
        }
      }`,
      { representations: [{ __typename: 'ProductVariant', id }] },
      asker,
    );
    const product = { id: products[status].id, title: `Lamp ${status}`, status };
    expect(answer).toEqual({ _entities: [seen ? { id, price: { amount: '10.00' }, product } : null] });
  });

  it('finds in a category what is on sale', async () => {
    const { category } = await running.data<{ category: object }>(
      `query ($id: ID!) {
        category(id: $id) { products { totalCount edges { node { status } } facets { field values { count } } } }
      }`,
      { id: categoryId },
      asker,
    );
    expect(category).toEqual({
      products: {
        totalCount: 1,
        edges: [{ node: { status: 'ACTIVE' } }],
        facets: ['CATEGORY', 'PRICE', 'IN_STOCK'].map((field) => ({ field, values: [{ count: 1 }] })),
      },
    });
  });

  it('sees exact stock only as staff', async () => {
    const { data, errors } = await running.ask(
      `query ($id: ID!) {
        product(id: $id) { variants { edges { node { stockStatus inventory { onHand reserved available } } } } }
      }`,
      { id: products.ACTIVE.id },
      asker,
    );
    const isStaff = asker === 'STAFF' || asker === 'ADMIN';
    const inventory = isStaff ? { onHand: 10, reserved: 0, available: 10 } : null;
    expect(data).toEqual({
      product: { variants: { edges: [{ node: { stockStatus: 'IN_STOCK', inventory } }] } },
    });
    const code = asker === 'NOBODY' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(isStaff ? undefined : [code]);
  });
});
