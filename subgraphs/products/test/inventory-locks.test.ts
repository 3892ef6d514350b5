import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { graphql, identityHeaders, someViewer } from '@tributary/testing';
import { behindLock } from './support/behind-lock.ts';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

// What a busy shop does to these commands once in a while, each time.
let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

const CONNECTIONS = 8; // fewer than the service has
const times = <Result>(run: () => Promise<Result>) => Array.from({ length: CONNECTIONS }, run);
const uuidOf = (variantId: string) => fromGlobalId('ProductVariant', variantId, 'variantId');
const uuidOfOrder = (order: string) => fromGlobalId('Order', order, 'orderId');

/** Runs commands that all wait for the stock of a variant. */
const behindStock = <Result>(variantId: string, start: () => Promise<Result>[]) =>
  behindLock<Result[]>(
    running.prisma,
    (tx) => tx.$queryRaw`SELECT FROM inventory WHERE variant_id = ${uuidOf(variantId)}::uuid FOR UPDATE`,
    start,
  );

/** Runs commands that all wait for the reservation of an order. */
const behindReservation = <Result>(order: string, start: () => Promise<Result>[]) =>
  behindLock<Result[]>(
    running.prisma,
    (tx) => tx.$queryRaw`SELECT FROM reservations WHERE order_id = ${uuidOfOrder(order)}::uuid FOR UPDATE`,
    start,
  );

describe('commands that waited for the stock', () => {
  it('see what is left of it: the last piece is sold once', async () => {
    const variantId = await warehouse.stock(1);
    const answers = await behindStock(variantId, () =>
      times(() => warehouse.reserve(newOrder(), [{ variantId, quantity: 1 }])),
    );
    expect(answers.filter(({ lines }) => lines)).toHaveLength(1);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array(CONNECTIONS - 1).fill('INSUFFICIENT_STOCK'));
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 1, reserved: 1 });
  });

  it('take the last piece of expired reservations once', async () => {
    const variantId = await warehouse.stock(CONNECTIONS);
    const orders = times(async () => newOrder());
    for (const order of await Promise.all(orders)) {
      await warehouse.reserve(order, [{ variantId, quantity: 1 }]);
      await warehouse.makeDue(order);
    }
    expect(await warehouse.expire()).toBe(CONNECTIONS);
    await running.prisma.inventory.update({ where: { variantId: uuidOf(variantId) }, data: { onHand: 1 } });
    const ids = await Promise.all(orders);
    const answers = await behindStock(variantId, () => ids.map((order) => warehouse.confirm(order)));
    expect(answers.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(1);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 0, reserved: 0 });
  });

  it('do not wait for each other in a circle', async () => {
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Plate',
      variants: [{ price: 1 }, { price: 1 }, { price: 1 }],
    });
    // Taken as they are named, each would hold its first variant, and want the other's behind the middle one.
    const [first = '', second = '', middle = ''] = variantIds.toSorted((a, b) =>
      uuidOf(a) < uuidOf(b) ? -1 : 1,
    );
    const lines = [first, middle, second].map((variantId) => ({ variantId, quantity: 1 }));
    const answers = await behindStock(middle, () => [
      warehouse.reserve(newOrder(), lines),
      warehouse.reserve(newOrder(), lines.toReversed()),
    ]);
    expect(answers.map(({ userErrors }) => userErrors)).toEqual([[], []]);
    for (const variantId of variantIds)
      expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 10, reserved: 2 });
  });

  it('count a change once that staff asked for again', async () => {
    const variantId = await warehouse.stock(0);
    const staff = await identityHeaders(someViewer('STAFF'));
    const input = { variantId, delta: 3, reason: 'Delivery', idempotencyKey: randomUUID() };
    const answers = await behindStock(variantId, () =>
      times(() =>
        graphql<{ inventoryAdjust: { onHandAfter: number } }>(running.url, {
          query: `mutation ($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) { onHandAfter } }`,
          variables: { input },
          headers: staff,
        }),
      ),
    );
    expect(answers.map(({ data }) => data)).toEqual(
      Array(CONNECTIONS).fill({ inventoryAdjust: { onHandAfter: 3 } }),
    );
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
  });
});

describe('commands that waited for the reservation', () => {
  const held = async () => {
    const [variantId, order] = [await warehouse.stock(5), newOrder()];
    await warehouse.reserve(order, [{ variantId, quantity: 2 }]);
    return { variantId, order };
  };

  it('see that it is confirmed', async () => {
    const { variantId, order } = await held();
    const answers = await behindReservation(order, () => times(() => warehouse.confirm(order)));
    expect(answers.map(({ status }) => status)).toEqual(Array(CONNECTIONS).fill('CONFIRMED'));
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
  });

  it('see that it is released', async () => {
    const { variantId, order } = await held();
    await behindReservation(order, () => times(() => warehouse.release(order)));
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('see that it is held anew', async () => {
    const { variantId, order } = await held();
    await warehouse.makeDue(order);
    await warehouse.expire();
    const lines = [{ variantId, quantity: 2 }];
    const answers = await behindReservation(order, () => times(() => warehouse.reserve(order, lines)));
    expect(answers.map(({ userErrors }) => userErrors)).toEqual(Array(CONNECTIONS).fill([]));
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 2 });
  });
});

describe('reservations that waited for the first word about their order', () => {
  it('are refused when it was that it is closed', async () => {
    const [variantId, order] = [await warehouse.stock(50), newOrder()];
    const answers = await behindLock<Awaited<ReturnType<Warehouse['reserve']>>[]>(
      running.prisma,
      (tx) => tx.$queryRaw`SELECT FROM inventory_release(${uuidOfOrder(order)}::uuid)`,
      () => times(() => warehouse.reserve(order, [{ variantId, quantity: 3 }])),
    );
    for (const { userErrors } of answers)
      expect(userErrors).toEqual([expect.objectContaining({ message: 'This reservation is closed.' })]);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 50, reserved: 0 });
  });

  it.each([
    [50, 3, []],
    [2, 0, ['INSUFFICIENT_STOCK']],
  ])('are one reservation, or none: with %i in stock', async (onHand, reserved, codes) => {
    const [variantId, order] = [await warehouse.stock(onHand), newOrder()];
    const answers = await behindStock(variantId, () =>
      times(() => warehouse.reserve(order, [{ variantId, quantity: 3 }])),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.userErrors.map(({ code }) => code)).toEqual(codes);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand, reserved });
  });
});
