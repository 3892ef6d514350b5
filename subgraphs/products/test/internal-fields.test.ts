import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Asker, type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

const VARIANT = '($variant: ID!)';
const ORDER = '($order: ID!)';

describe.each<Asker>(['NOBODY', 'CUSTOMER', 'STAFF', 'ADMIN'])('for %s', (asker) => {
  it.each([
    ['variantOffers', `query ${VARIANT} { variantOffers(ids: [$variant]) { available } }`],
    [
      'inventoryReserve',
      `mutation ($order: ID!, $variant: ID!) {
        inventoryReserve(
          input: { orderId: $order, expiresInSeconds: 9, lines: [{ variantId: $variant, quantity: 1 }] }
        ) { expiresAt }
      }`,
    ],
    ['inventoryConfirm', `mutation ${ORDER} { inventoryConfirm(input: { orderId: $order }) { status } }`],
    ['inventoryRelease', `mutation ${ORDER} { inventoryRelease(input: { orderId: $order }) { status } }`],
  ])('there is no %s', async (field, query) => {
    const [variant, unknown, held] = [await warehouse.stock(5), newOrder(), newOrder()];
    await warehouse.reserve(held, [{ variantId: variant, quantity: 2 }]);
    for (const order of [unknown, held]) {
      const { data, errors } = await running.ask(query, { variant, order }, asker);
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
      expect(data).toEqual({ [field]: null });
    }
    expect(await warehouse.stockOf(variant)).toEqual({ onHand: 5, reserved: 2 });
    expect(await warehouse.statusOf(unknown)).toBeNull();
    expect(await warehouse.statusOf(held)).toBe('HELD');
  });
});
