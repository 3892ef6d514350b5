import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis } from '@tributary/platform';
import type { Order } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { describeWithRedis, startOwnRedis } from '@tributary/testing';
import { customer } from './support/fixtures.ts';
import { makeDue, tasksOf } from './support/jobs.ts';
import { connect, listenTo, listenToOwn, told } from './support/listening.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

const CANCEL = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { updatedAt } } }';

describeWithRedis('events', () => {
  let shop: Shop;
  let server: Awaited<ReturnType<typeof startOwnRedis>>;
  let workshop: Workshop;
  let listener: Redis;
  let order: Order;
  const heard: unknown[] = [];
  const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

  async function listen() {
    listener = connectRedis(server.url, logger);
    await new Promise((resolve) => listener.once('ready', resolve));
    await listener.subscribe('tributary:events:orderStatusChanged');
    listener.on('message', (_channel, message) => heard.push(JSON.parse(message)));
  }
  beforeAll(async () => {
    shop = await openShop();
    server = await startOwnRedis();
    workshop = openWorkshop(shop, { settings: { REDIS_URL: server.url } });
    await listen();
  });
  afterAll(async () => {
    listener?.disconnect();
    await workshop?.close();
    await server?.stop();
    await shop?.close();
  });

  it('tell of each step, by ids and facts', async () => {
    order = await placeOrder(shop.prisma, 1);
    await workshop.work();
    const { data } = await shop.ask<{ orderCancel: { order: { updatedAt: string } } }>(customer(1), CANCEL, {
      input: { id: toGlobalId('Order', order.id), reason: 'a secret' },
    });
    await workshop.work();
    await listener.ping(); // answered after all that was told before
    const ids = { orderId: order.id, userId: order.userId };
    expect(heard).toEqual([
      { ...ids, from: null, to: 'PENDING_PAYMENT', at: order.placedAt.toISOString() },
      { ...ids, from: 'PENDING_PAYMENT', to: 'CANCELLED', at: data.orderCancel.order.updatedAt },
    ]);
  });

  it('wait while Redis is down', async () => {
    heard.length = 0;
    listener.disconnect();
    await server.stop();
    order = await placeOrder(shop.prisma, 2);
    await workshop.work();
    expect(await tasksOf(shop.prisma, order.id)).toContain('event.publish');
    server = await startOwnRedis(server.port);
    await listen();
    await makeDue(shop.prisma, 'event.publish');
    await workshop.work();
    await listener.ping(); // answered after all that was told before
    expect(heard).toMatchObject([{ orderId: order.id, to: 'PENDING_PAYMENT' }]);
  });

  it('stay in the process where there is no Redis', async () => {
    const quiet = openWorkshop(shop);
    heard.length = 0;
    order = await placeOrder(shop.prisma, 3);
    await quiet.work();
    await quiet.close();
    expect(await tasksOf(shop.prisma, order.id)).not.toContain('event.publish');
    await listener.ping();
    expect(heard).toEqual([]);
  });
});

describeWithRedis('subscribers of a process that does no jobs', () => {
  let server: Awaited<ReturnType<typeof startOwnRedis>>;
  let shop: Shop;
  let workshop: Workshop;
  beforeAll(async () => {
    server = await startOwnRedis();
    shop = await openShop({ REDIS_URL: server.url });
    workshop = openWorkshop(shop, { settings: { REDIS_URL: server.url } });
  });
  afterAll(async () => {
    await workshop?.close();
    await shop?.close();
    await server?.stop();
  });

  async function cancel({ id, userId }: Order) {
    await shop.ask({ userId, role: 'CUSTOMER' }, CANCEL, { input: { id: toGlobalId('Order', id) } });
  }

  it('hear by Redis what another one published', async () => {
    const order = await placeOrder(shop.prisma, 10);
    const subscriber = await connect(shop, customer(10));
    const subscription = listenTo(subscriber, order.id);
    await subscription.take(1);
    await cancel(order);
    await workshop.work();
    await subscription.take(2);
    expect(told(subscription)).toEqual(['1 >PENDING_PAYMENT', '2 PENDING_PAYMENT>CANCELLED']);
    await subscriber.close();
  });

  it('miss nothing while Redis is away, and hear nothing twice', async () => {
    const order = await placeOrder(shop.prisma, 11);
    const subscriber = await connect(shop, customer(11));
    const [one, all] = [listenTo(subscriber, order.id), listenToOwn(subscriber)];
    await Promise.all([one.take(1), all.take(1)]);
    await workshop.work();
    await server.stop();
    await cancel(order);
    await workshop.work();
    expect(await tasksOf(shop.prisma, order.id)).toContain('event.publish');
    expect([one.results.length, all.results.length]).toEqual([1, 1]);
    server = await startOwnRedis(server.port);
    await Promise.all([one.take(2), all.take(2)]); // told of the gap, they looked for themselves
    await makeDue(shop.prisma, 'event.publish');
    await workshop.work();
    const next = await placeOrder(shop.prisma, 12, { userId: order.userId });
    await workshop.work();
    await all.take(3);
    expect(told(one)).toEqual(['1 >PENDING_PAYMENT', '2 PENDING_PAYMENT>CANCELLED']);
    expect(told(all)).toEqual([...told(one), '1 >PENDING_PAYMENT']);
    expect(all.results.at(-1)?.data?.step?.order.id).toBe(toGlobalId('Order', next.id));
    await subscriber.close();
  });
});
