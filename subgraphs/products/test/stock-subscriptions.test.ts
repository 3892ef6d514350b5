import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { identityHeaders, openSubscriber, someViewer, type TestSubscriber } from '@tributary/testing';
import { csvFile, importCsv } from './support/catalogue-file.ts';
import { addProduct } from './support/rows.ts';
import { type Asker, type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

interface Told {
  event: {
    sequence: number;
    variant: { id: string; stockStatus: string; inventory: { available: number } | null };
  } | null;
}

const SUBSCRIPTION = `subscription ($ids: [ID!]!) {
  event: stockChanged(variantIds: $ids) { sequence variant { id stockStatus inventory { available } } }
}`;
const ADJUST = `mutation ($input: InventoryAdjustInput!) {
  inventoryAdjust(input: $input) { userErrors { __typename } }
}`;

let running: RunningProducts;
let warehouse: Warehouse;
const subscribers: TestSubscriber[] = [];
beforeAll(async () => {
  running = await runProducts({}, { JOB_CONCURRENCY: '2' });
  warehouse = openWarehouse(running);
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(() => running?.close());

async function listen(asker: Asker, ids: readonly string[]) {
  const viewer = asker === 'NOBODY' ? null : someViewer(asker);
  const subscriber = openSubscriber(running.url, { headers: await identityHeaders(viewer) });
  subscribers.push(subscriber);
  return subscriber.subscribe<Told>(SUBSCRIPTION, { ids });
}

type Listener = Awaited<ReturnType<typeof listen>>;
const eventsOf = ({ results }: Listener) => results.map(({ data }) => data?.event);
const availableOf = (listener: Listener) =>
  eventsOf(listener).map((event) => event?.variant.inventory?.available);
const statusesOf = (listener: Listener) => eventsOf(listener).map((event) => event?.variant.stockStatus);

const adjust = (variantId: string, delta: number) =>
  running.data(
    ADJUST,
    { input: { variantId, delta, reason: 'counted', idempotencyKey: randomUUID() } },
    'STAFF',
  );

describe('stockChanged', () => {
  it('tells staff of each change of what can be sold, by whatever way', async () => {
    const variant = await warehouse.stock(10);
    const listener = await listen('STAFF', [variant]);
    await listener.take(1);
    const [first, second] = [newOrder(), newOrder()];
    const steps = [
      () => warehouse.reserve(first, [{ variantId: variant, quantity: 4 }]),
      () => warehouse.release(first),
      () => adjust(variant, -3),
      () => warehouse.reserve(second, [{ variantId: variant, quantity: 2 }]),
      async () => {
        await warehouse.confirm(second); // takes what was held: as much can be sold as before
        await adjust(variant, 100);
      },
    ];
    for (const [index, step] of steps.entries()) {
      await step();
      await listener.take(index + 2);
    }
    expect(availableOf(listener)).toEqual([10, 6, 10, 7, 5, 105]);
    const numbers = eventsOf(listener).map((event) => event?.sequence ?? 0);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });

  it('tells of reservations that expire, and of files that are imported', async () => {
    const variant = await warehouse.stock(10);
    const order = newOrder();
    await warehouse.reserve(order, [{ variantId: variant, quantity: 10 }]);
    const listener = await listen('NOBODY', [variant]);
    await listener.take(1);
    await warehouse.makeDue(order);
    await warehouse.expire();
    await listener.take(2);
    const { sku } = await running.prisma.productVariant.findFirstOrThrow({
      where: { inventory: { variantId: idOf(variant) } },
      select: { sku: true },
    });
    const { slug } = await running.prisma.product.findFirstOrThrow({
      where: { variants: { some: { sku } } },
      select: { slug: true },
    });
    await importCsv(running.prisma, csvFile([{ product_slug: slug, sku, on_hand: '2' }]));
    await listener.take(3);
    expect(statusesOf(listener)).toEqual(['OUT_OF_STOCK', 'IN_STOCK', 'LOW_STOCK']);
  });

  it('tells customers what they can see of it, and no more', async () => {
    const variant = await warehouse.stock(10);
    const [customer, staff] = [await listen('CUSTOMER', [variant]), await listen('STAFF', [variant])];
    await customer.take(1);
    await staff.take(1);
    for (const [index, delta] of [-1, -1, -4, -1, -3].entries()) {
      await adjust(variant, delta);
      await staff.take(index + 2);
    }
    await customer.take(3);
    expect(statusesOf(customer)).toEqual(['IN_STOCK', 'LOW_STOCK', 'OUT_OF_STOCK']);
    expect(customer.results.map(({ errors }) => errors?.[0]?.extensions?.code)).toEqual(
      Array(3).fill('FORBIDDEN'),
    );
    expect(availableOf(staff)).toEqual([10, 9, 8, 4, 3, 0]);
  });

  it('tells of the variants that were asked for, and of drafts to staff only', async () => {
    const draft = await warehouse.stock(3, { status: 'DRAFT' });
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Never counted',
      variants: [{ price: 1, onHand: null }],
    });
    const [sold = ''] = variantIds;
    const other = await warehouse.stock(1);
    const unknown = toGlobalId('ProductVariant', randomUUID());
    const ids = [draft, sold, sold, unknown];
    const [staff, customer] = [await listen('STAFF', ids), await listen('CUSTOMER', ids)];
    await Promise.all([staff.take(2), customer.take(1)]);
    await adjust(other, 1);
    await adjust(draft, 1);
    await staff.take(3);
    await adjust(sold, 1);
    await Promise.all([staff.take(4), customer.take(2)]);
    const told = (listener: Listener) => eventsOf(listener).map((event) => event?.variant.id);
    expect(told(staff)).toEqual([draft, sold, draft, sold]);
    expect(told(customer)).toEqual([sold, sold]);
    expect(eventsOf(customer)[0]?.sequence).toBe(0);
  });

  it('tells nothing of a change that was rolled back', async () => {
    const variant = await warehouse.stock(5);
    const listener = await listen('STAFF', [variant]);
    await listener.take(1);
    await expect(
      running.prisma.$transaction(async (tx) => {
        await tx.inventory.update({ where: { variantId: idOf(variant) }, data: { onHand: 1 } });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await adjust(variant, 1);
    await listener.take(2);
    expect(availableOf(listener)).toEqual([5, 6]);
  });

  it('tells the end of 100 changes at once, whatever is left out in between', async () => {
    const variants = await Promise.all(Array.from({ length: 4 }, () => warehouse.stock(100)));
    const listener = await listen('STAFF', variants);
    await listener.take(4);
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        warehouse.reserve(newOrder(), [{ variantId: variants[n % 4] ?? '', quantity: 1 }]),
      ),
    );
    const last = () => new Map(eventsOf(listener).map((event) => [event?.variant.id, event]));
    let seen = 4;
    while ([...last().values()].some((event) => event?.variant.inventory?.available !== 75)) {
      seen += 1;
      await listener.take(seen);
    }
    for (const variant of variants) {
      const of = eventsOf(listener).filter((event) => event?.variant.id === variant);
      const numbers = of.map((event) => event?.variant.inventory?.available ?? 0);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => b - a)); // each once, and never back
    }
  });

  it.each([
    ['none', []],
    ['too many', Array.from({ length: 101 }, () => toGlobalId('ProductVariant', randomUUID()))],
    ['an id of something else', [toGlobalId('Product', randomUUID())]],
  ])('refuses %s', async (_case, ids) => {
    const listener = await listen('NOBODY', ids);
    expect(await listener.ended).toBeNull();
    expect(listener.results[0]?.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'variantIds',
    });
  });
});

const idOf = (variant: string) => Buffer.from(variant, 'base64url').toString().split(':')[1] ?? '';
