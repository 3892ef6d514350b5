import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis } from '@tributary/platform';
import type { Order } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { describeWithRedis, startOwnRedis } from '@tributary/testing';
import { customer } from './support/fixtures.ts';
import { makeDue, tasksOf } from './support/jobs.ts';
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
    const ids = { type: 'orderStatusChanged', orderId: order.id, userId: order.userId };
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

  it('are told to nobody where there is no Redis', async () => {
    const quiet = openWorkshop(shop);
    order = await placeOrder(shop.prisma, 3);
    await quiet.work();
    await quiet.close();
    expect(await tasksOf(shop.prisma, order.id)).not.toContain('event.publish');
  });
});
