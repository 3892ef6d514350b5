import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { graphql, serviceHeaders } from '@tributary/testing';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse } from './support/warehouse.ts';

let running: RunningProducts;
beforeAll(async () => {
  running = await runProducts();
});
afterAll(() => running?.close());

interface Offer {
  variant: { id: string };
  title: string;
  available: number;
  onSale: boolean;
}

const QUERY = `query ($ids: [ID!]!) {
  variantOffers(ids: $ids) {
    variant { id } sku title unitPrice { minorUnits amount currency } available onSale
  }
}`;
const offers = async (ids: string[]) =>
  (await running.internal<{ variantOffers: (Offer | null)[] }>(QUERY, { ids })).variantOffers;

it('answers in the order of the ids, null for what does not exist', async () => {
  const sold = await addProduct(running.prisma, {
    title: 'Rain Jacket',
    currency: 'JPY',
    variants: [
      { price: 9_900, onHand: 7, reserved: 3 },
      { price: 12_900, onHand: null },
    ],
  });
  const draft = await addProduct(running.prisma, { title: 'Lamp', status: 'DRAFT' });
  const archived = await addProduct(running.prisma, { title: 'Chair', status: 'ARCHIVED' });
  await running.prisma.productVariant.updateMany({
    where: { productId: archived.uuid },
    data: { title: 'Standard', sku: 'CHAIR' },
  });
  const [first = '', second = ''] = sold.variantIds;
  const gone = toGlobalId('ProductVariant', randomUUID());
  const [chair = '', lamp = ''] = [...archived.variantIds, ...draft.variantIds];
  const answer = await offers([second, gone, first, 'x', chair, lamp, newOrder(), first]);
  const jacket = {
    variant: { id: first },
    sku: expect.stringMatching(/^SKU-/),
    title: 'Rain Jacket, Variant 0',
    unitPrice: { minorUnits: 9_900, amount: '9900', currency: 'JPY' },
    available: 4,
    onSale: true,
  };
  expect(answer).toEqual([
    expect.objectContaining({ variant: { id: second }, title: 'Rain Jacket, Variant 1', available: 0 }),
    null,
    jacket,
    null,
    expect.objectContaining({ sku: 'CHAIR', title: 'Chair', onSale: false, available: 10 }),
    expect.objectContaining({ variant: { id: lamp }, onSale: false }),
    null,
    jacket,
  ]);
  expect(await offers([])).toEqual([]);
});

it('takes one statement for 1 variant as for 100, and no more than 100', async () => {
  const warehouse = openWarehouse(running);
  const ids: string[] = [];
  for (let n = 0; n < 100; n += 1) ids.push(await warehouse.stock(n));
  for (const n of [1, 100]) {
    const { result, statements } = await running.count(() => offers(ids.slice(0, n)));
    expect(result.map((offer) => offer?.available)).toEqual(Array.from({ length: n }, (_, stock) => stock));
    expect(statements).toBe(1);
  }
  const { errors } = await graphql(running.url, {
    query: QUERY,
    variables: { ids: [...ids, newOrder()] },
    headers: await serviceHeaders('orders'),
  });
  expect(errors?.[0]?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    reason: 'INVALID_ARGUMENT',
    argument: 'ids',
  });
});
