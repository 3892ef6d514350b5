import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runJobsOnce } from '@tributary/jobs';
import { evictionTasks, fromGlobalId, RETENTION_TASK, toGlobalId } from '@tributary/subgraph-kit';
import {
  graphql,
  type RecordedInvalidations,
  recordInvalidations,
  serviceHeaders,
  someViewer,
} from '@tributary/testing';
import { startAddressBook } from './support/address-book.ts';
import { customer, orderId, orderRow, userId, variantId } from './support/fixtures.ts';
import { add, type CartAnswer, type CartPayload, changeCart, placed, placing } from './support/market.ts';
import { createMemoryProvider, type MemoryProvider } from './support/memory-provider.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import type { StandIn } from './support/stand-in.ts';
import { startWarehouse, type Warehouse } from './support/warehouse.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

let warehouse: Warehouse;
let addressBook: StandIn;
let shop: Shop;
let workshop: Workshop;
/** Has jobs on the stock done, by a warehouse that knows of no reservation. */
let stock: Workshop;
let provider: MemoryProvider;
let told: RecordedInvalidations;
let n = 0;
beforeAll(async () => {
  told = recordInvalidations();
  [warehouse, addressBook] = await Promise.all([startWarehouse(), startAddressBook()]);
  shop = await openShop({
    SUBGRAPH_URLS: `products=${warehouse.url},users=${addressBook.url}`,
    CACHE_INVALIDATION_URL: 'http://127.0.0.1:1/invalidate',
  });
  provider = createMemoryProvider();
  workshop = openWorkshop(shop, { invalidator: told.invalidator, outside: { provider } });
  stock = openWorkshop(shop, { invalidator: told.invalidator, productsUrl: warehouse.url });
  for (const article of [1, 2]) warehouse.stock(variantId(article));
  warehouse.stock(variantId(3), { onHand: 0 });
});
afterAll(async () => {
  await Promise.all([workshop?.close(), stock?.close()]);
  await shop?.close();
  await Promise.all([warehouse?.close(), addressBook?.close()]);
});
beforeEach(() => {
  n += 1;
});

/** What is evicted by a change, after those of its jobs were done that evict. */
async function evictedBy(change: () => Promise<unknown>): Promise<string[]> {
  await change();
  await runJobsOnce(shop.databaseUrl, evictionTasks(told.invalidator));
  return told.taken();
}

const cartLabel = (id: string | undefined) => `Cart:${fromGlobalId('Cart', id, 'id')}`;
const orderLabels = (id = orderId(n)) => [`Order:${id}`, `User:${userId(n)}`];

describe('a cart', () => {
  it('that is filled, changed and emptied', async () => {
    let cart: CartAnswer | null = null;
    const label = () => [cartLabel(cart?.id)];
    const kept = async (change: Promise<CartPayload>) => {
      const { cart: changed, userErrors } = await change;
      expect(userErrors).toEqual([]);
      cart = changed;
    };
    const lineId = () => cart?.lines[0]?.id;
    expect(await evictedBy(() => kept(add(shop.ask, customer(n), 1)))).toEqual(label());
    const update = { lineId: lineId(), quantity: 3 };
    expect(await evictedBy(() => kept(changeCart(shop.ask, customer(n), 'cartLineUpdate', update)))).toEqual(
      label(),
    );
    const remove = { lineId: lineId() };
    expect(await evictedBy(() => kept(changeCart(shop.ask, customer(n), 'cartLineRemove', remove)))).toEqual(
      label(),
    );
  });

  it('whose change was refused', async () => {
    const labels = await evictedBy(async () => {
      const { userErrors } = await add(shop.ask, customer(n), 3);
      expect(userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK' }]);
    });
    expect(labels).toEqual([]);
  });

  it('that is merged into another', async () => {
    const own = await add(shop.ask, customer(n), 1);
    const { cart, cartToken } = await add(shop.ask, null, 2);
    await evictedBy(async () => undefined);
    const merge = () => changeCart(shop.ask, customer(n), 'cartMerge', { cartToken });
    expect(await evictedBy(merge)).toEqual([cartLabel(own.cart?.id), cartLabel(cart?.id)].sort());
    expect(await evictedBy(merge)).toEqual([]);
  });

  it('that nobody came back to', async () => {
    const { cart } = await add(shop.ask, null, 1);
    await evictedBy(async () => undefined);
    await shop.prisma.cart.updateMany({
      where: { id: fromGlobalId('Cart', cart?.id, 'id') },
      data: { updatedAt: new Date(0) },
    });
    expect(await evictedBy(() => workshop.run(RETENTION_TASK, {}))).toEqual([cartLabel(cart?.id)]);
  });
});

describe('an order', () => {
  it('that is placed, with the cart that it was', async () => {
    const { cart } = await add(shop.ask, customer(n), 1, 3);
    await evictedBy(async () => undefined);
    const input = placing(n, 1_050);
    let id = '';
    const labels = await evictedBy(async () => {
      id = fromGlobalId('Order', (await placed(shop.ask, n, input)).order?.id, 'id');
    });
    expect(labels).toEqual([cartLabel(cart?.id), ...orderLabels(id)]);
    expect(await evictedBy(() => placed(shop.ask, n, input))).toEqual([]);
  });

  it('that its customer cancels', async () => {
    await placeOrder(shop.prisma, n);
    const cancel = () =>
      shop.ask(
        customer(n),
        'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }',
        {
          input: { id: toGlobalId('Order', orderId(n)) },
        },
      );
    expect(await evictedBy(cancel)).toEqual(orderLabels());
    expect(await evictedBy(cancel)).toEqual([]);
  });

  it.each(['PAID', 'CANCELLED'])('that staff take to %s', async (to) => {
    await placeOrder(shop.prisma, n);
    const labels = await evictedBy(() =>
      shop.ask(
        someViewer('STAFF'),
        'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { order { id } } }',
        { input: { id: toGlobalId('Order', orderId(n)), to, reason: 'by hand' } },
      ),
    );
    expect(labels).toEqual(orderLabels());
  });

  it('whose stock was gone', async () => {
    await placeOrder(shop.prisma, n);
    expect(await evictedBy(() => stock.run('stock.confirm', { orderId: orderId(n) }))).toEqual(orderLabels());
  });

  it('whose payment is begun, comes, and is given back', async () => {
    await placeOrder(shop.prisma, n);
    const pay = (task: string) => evictedBy(() => workshop.run(task, { orderId: orderId(n) }));
    expect(await pay('payment.start')).toEqual([`Order:${orderId(n)}`]);
    expect(await pay('payment.sync')).toEqual([]);
    provider.end(orderId(n), 'succeeded');
    expect(await pay('payment.sync')).toEqual(orderLabels());
    const cancelled = { id: toGlobalId('Order', orderId(n)), to: 'CANCELLED' };
    await evictedBy(() =>
      shop.ask(
        someViewer('STAFF'),
        'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { order { id } } }',
        { input: cancelled },
      ),
    );
    expect(await pay('payment.refund')).toEqual([`Order:${orderId(n)}`]);
  });

  it('whose time for paying is over', async () => {
    await placeOrder(shop.prisma, n, { placedAt: new Date(0) });
    const labels = await evictedBy(() => workshop.run('payment.check', { orderId: orderId(n) }));
    expect(labels).toEqual(orderLabels());
  });

  it('that costs nothing', async () => {
    await placeOrder(shop.prisma, n, { totalMinor: 0n });
    const labels = await evictedBy(() => workshop.run('payment.start', { orderId: orderId(n) }));
    expect(labels).toEqual(orderLabels());
  });
});

it('a person who is erased, with carts and orders', async () => {
  const { cart } = await add(shop.ask, customer(n), 1);
  await shop.prisma.order.create({ data: orderRow(n, { userId: userId(n), status: 'DELIVERED' }) });
  await evictedBy(async () => undefined);
  const erase = async () =>
    graphql(shop.subgraph.url, {
      query: 'mutation ($user: ID!) { personErase(userId: $user) { done } }',
      variables: { user: toGlobalId('User', userId(n)) },
      headers: await serviceHeaders('users'),
    });
  expect(await evictedBy(erase)).toEqual([cartLabel(cart?.id), ...orderLabels()]);
  expect(await evictedBy(erase)).toEqual([]);
});
