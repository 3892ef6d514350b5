import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { customer } from './support/fixtures.ts';
import { jobsOf, makeAllDue } from './support/jobs.ts';
import { createMemoryProvider } from './support/memory-provider.ts';
import { placeOrder, stepsOf } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

// A provider that cannot stop what is on its way at the bank, and tells nobody how it ended.
const memory = createMemoryProvider();
const provider = { ...memory, cancel: memory.get };
const CANCEL = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { status } } }';

let shop: Shop;
let workshop: Workshop;
beforeAll(async () => {
  shop = await openShop();
  workshop = openWorkshop(shop, { outside: { provider } });
});
afterAll(async () => {
  await workshop?.close();
  await shop?.close();
});

/** Does all jobs, also those whose time has not come. */
async function workOn() {
  await makeAllDue(shop.prisma);
  await workshop.work();
}
const paymentJobs = async (orderId: string) =>
  (await jobsOf(shop.prisma, orderId)).map(({ task }) => task).filter((task) => task.startsWith('payment.'));

it('money that comes after all for an order that was cancelled goes back', async () => {
  const { id } = await placeOrder(shop.prisma, 1);
  await workshop.work();
  await shop.ask(customer(1), CANCEL, { input: { id: toGlobalId('Order', id) } });
  for (const _time of [1, 2, 3]) await workOn();
  memory.end(id, 'succeeded');
  for (const _time of [1, 2]) await workOn();
  expect(memory.paymentsOf(id)).toMatchObject([{ status: 'succeeded', refundedMinor: 1_050n }]);
  expect(await stepsOf(shop.prisma, id)).toEqual(['>PENDING_PAYMENT', 'PENDING_PAYMENT>CANCELLED']);
  expect(await paymentJobs(id)).toEqual([]);
});

it('a payment that is late is asked for until it has ended', async () => {
  const { id } = await placeOrder(shop.prisma, 2);
  await shop.prisma
    .$executeRaw`UPDATE orders SET placed_at = now() - interval '31 minutes' WHERE id = ${id}::uuid`;
  await provider.create({ reference: id, amountMinor: 1_050n, currency: 'EUR' }, id);
  for (const _time of [1, 2, 3]) await workOn();
  expect(await paymentJobs(id)).toEqual(['payment.check']);
  memory.end(id, 'succeeded');
  for (const _time of [1, 2]) await workOn();
  expect(await stepsOf(shop.prisma, id)).toEqual(['>PENDING_PAYMENT', 'PENDING_PAYMENT>PAID']);
});
