import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addJob, runJobsOnce } from '@tributary/jobs';
import { ownJobs } from './support/own-jobs.ts';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

/** An order that holds two pieces of five, and its variant. */
async function held() {
  const variantId = await warehouse.stock(5);
  const order = newOrder();
  const lines = [{ variantId, quantity: 2 }];
  await warehouse.reserve(order, lines);
  return { variantId, order, lines };
}

/** An order whose two pieces of five were given back. */
async function expired() {
  const made = await held();
  await warehouse.makeDue(made.order);
  expect(await warehouse.expire()).toBe(1);
  return made;
}

/** Another order takes all five pieces. */
async function soldOut(variantId: string): Promise<string> {
  const order = newOrder();
  const { userErrors } = await warehouse.reserve(order, [{ variantId, quantity: 5 }]);
  expect(userErrors).toEqual([]);
  await warehouse.confirm(order);
  return order;
}

describe('the time of a reservation', () => {
  it('gives the pieces back when it passed, and not before', async () => {
    const { variantId, order } = await held();
    expect(await warehouse.expire()).toBe(0);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 2 });
    await warehouse.makeDue(order);
    expect(await warehouse.expire()).toBe(1);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
    expect(await warehouse.statusOf(order)).toBe('EXPIRED');
    expect(await warehouse.expire()).toBe(0);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('does not end what is confirmed or released', async () => {
    const [sold, closed] = [await held(), await held()];
    await warehouse.makeDue(sold.order);
    await warehouse.makeDue(closed.order);
    await warehouse.confirm(sold.order);
    await warehouse.release(closed.order);
    expect(await warehouse.expire()).toBe(0);
    expect(await warehouse.stockOf(sold.variantId)).toEqual({ onHand: 3, reserved: 0 });
    expect(await warehouse.stockOf(closed.variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('begins anew when an order reserves again that is overdue', async () => {
    const { variantId, order, lines } = await held();
    await warehouse.makeDue(order);
    const { expiresAt, userErrors } = await warehouse.reserve(order, lines);
    expect(userErrors).toEqual([]);
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now());
    expect(await warehouse.expire()).toBe(0);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 2 });
  });
});

describe('after it expired', () => {
  it('is confirmed where the pieces are still there', async () => {
    const { variantId, order } = await expired();
    for (const _time of [1, 2]) {
      expect(await warehouse.confirm(order)).toEqual({ status: 'CONFIRMED', userErrors: [] });
      expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
    }
  });

  it('is not confirmed where they are gone, until they come back', async () => {
    const { variantId, order } = await expired();
    const other = await soldOut(variantId);
    expect(await warehouse.confirm(order)).toEqual({
      status: null,
      userErrors: [
        {
          __typename: 'InsufficientStockError',
          code: 'INSUFFICIENT_STOCK',
          message: 'This is out of stock.',
          field: null,
          variant: { id: variantId },
          available: 0,
        },
      ],
    });
    expect(await warehouse.statusOf(order)).toBe('EXPIRED');
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 0, reserved: 0 });
    await warehouse.release(other);
    expect((await warehouse.confirm(order)).status).toBe('CONFIRMED');
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
  });

  it('is reserved anew where the pieces are there, at the price of then', async () => {
    const { variantId, order, lines } = await expired();
    await running.prisma.productVariant.updateMany({ data: { priceMinor: 1n } });
    const again = await warehouse.reserve(order, lines);
    expect(again.lines?.[0]?.unitPrice.minorUnits).toBe(1_000);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 2 });
    expect(await warehouse.statusOf(order)).toBe('HELD');
    await warehouse.release(order);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('is not reserved anew where they are gone', async () => {
    const { variantId, order, lines } = await expired();
    await soldOut(variantId);
    const { userErrors } = await warehouse.reserve(order, lines);
    expect(userErrors).toEqual([expect.objectContaining({ code: 'INSUFFICIENT_STOCK', available: 0 })]);
    expect(await warehouse.statusOf(order)).toBe('EXPIRED');
  });

  it('gives nothing back a second time when it is released', async () => {
    const { variantId, order } = await expired();
    expect(await warehouse.release(order)).toEqual({ status: 'RELEASED', userErrors: [] });
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
    expect((await warehouse.confirm(order)).userErrors).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', message: 'This reservation is closed.' }),
    ]);
  });

  it('is refused when it comes late, after its release', async () => {
    const { variantId, order, lines } = await expired();
    await warehouse.release(order);
    expect((await warehouse.reserve(order, lines)).userErrors).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: ['orderId'] }),
    ]);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });
});

describe('the job', () => {
  it('is due each minute', () => {
    expect(ownJobs(running.prisma).cron).toContainEqual({
      task: 'inventory.expire',
      match: '* * * * *',
    });
  });

  it('gives everything back that is due, in several workers at once', async () => {
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Shelf',
      variants: [
        { price: 1, onHand: 300 },
        { price: 1, onHand: 300 },
      ],
    });
    const lines = variantIds.map((variantId) => ({ variantId, quantity: 1 }));
    const orders = Array.from({ length: 250 }, newOrder);
    for (const order of orders.slice(0, 30)) await warehouse.reserve(order, lines);
    await Promise.all(orders.slice(30).map((order) => warehouse.reserve(order, lines.toReversed())));
    await running.prisma.$executeRaw`UPDATE reservations SET expires_at = now() WHERE status = 'HELD'`;
    const { tasks } = ownJobs(running.prisma);
    for (let n = 0; n < 4; n += 1) await addJob(running.prisma, { task: 'inventory.expire', payload: {} });
    await Promise.all([runJobsOnce(running.databaseUrl, tasks), runJobsOnce(running.databaseUrl, tasks)]);
    for (const variantId of variantIds)
      expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 300, reserved: 0 });
    expect(await running.prisma.reservation.count({ where: { status: 'HELD' } })).toBe(0);
  });

  it('leaves those alone that somebody works on', async () => {
    const [busy, free] = [await held(), await held()];
    await warehouse.makeDue(busy.order);
    await warehouse.makeDue(free.order);
    await running.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`
        SELECT FROM reservation_lines l JOIN reservations r USING (order_id) JOIN product_variants v ON v.id = l.variant_id
        WHERE r.status = 'HELD' ORDER BY r.created_at LIMIT 1 FOR UPDATE OF r`;
      expect(await warehouse.expire()).toBe(1);
    });
    expect([await warehouse.statusOf(busy.order), await warehouse.statusOf(free.order)]).toEqual([
      'HELD',
      'EXPIRED',
    ]);
    expect(await warehouse.expire()).toBe(1);
  });

  it('finds what is due by the index', async () => {
    const plan = await running.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tx.$queryRaw<{ 'QUERY PLAN': string }[]>`
        EXPLAIN SELECT order_id FROM reservations WHERE status = 'HELD' AND expires_at <= now() ORDER BY expires_at LIMIT 1`;
    });
    expect(JSON.stringify(plan)).toContain('reservations_due_idx');
  });
});
