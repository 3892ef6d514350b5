import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import { countStatements } from '@tributary/testing';
import { addressId, cartId, customer, userId, variantId } from './support/fixtures.ts';
import { dropJobs, tasksOf } from './support/jobs.ts';
import {
  add,
  changeCart,
  type Market,
  openMarket,
  type PlacePayload,
  place,
  placed,
  placing,
  variant,
} from './support/market.ts';
import { stepsOf } from './support/placing.ts';

let market: Market;
let n = 0;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market?.close());
beforeEach(async () => {
  n += 1;
  market.warehouse.reset();
  market.addressBook.reset();
  market.warehouse.reservations.clear();
  for (const article of [1, 2, 3]) market.warehouse.stock(variantId(article));
  await dropJobs(market.shop.prisma);
});

const fill = async (...articles: [article: number, quantity: number][]) => {
  let cart = '';
  for (const [article, quantity] of articles)
    cart = (await add(market.shop.ask, customer(n), article, quantity)).cart?.id ?? '';
  return cart;
};
const order = (minorUnits: number, changes: Record<string, unknown> = {}) =>
  placed(market.shop.ask, n, placing(n, minorUnits, changes));
const errorsOf = ({ userErrors }: PlacePayload) =>
  userErrors.map(({ __typename, field }) => [__typename, ...(field ?? [])].join(' '));
const codes = async (input: Record<string, unknown>) => {
  const { data, errors } = await place(market.shop.ask, n, input);
  return [data?.orderPlace, ...(errors ?? []).map(({ extensions }) => extensions?.code)];
};
const ordersOf = () => market.shop.prisma.order.findMany({ where: { userId: userId(n) } });
const placements = () => market.shop.prisma.placement.findMany({ where: { userId: userId(n) } });
const cartQuantities = async () => {
  const lines = await market.shop.prisma.cartLine.findMany({
    where: { cart: { userId: userId(n) } },
    orderBy: { createdAt: 'asc' },
  });
  return lines.map(({ quantity }) => quantity);
};
/** That nothing was ordered, and nothing is held or will stay so. */
async function expectNothing() {
  expect(await ordersOf()).toEqual([]);
  expect((await placements()).map(({ status }) => status)).not.toContain('PLACED');
  for (const article of [1, 2, 3]) {
    expect(market.warehouse.kept(variantId(article), 'HELD')).toBe(0);
    expect(market.warehouse.kept(variantId(article), 'CONFIRMED')).toBe(0);
  }
}

describe('orderPlace', () => {
  it('makes an order of the cart, at the prices of the reservation', async () => {
    const before = await fill([1, 2], [2, 1]);
    market.warehouse.stock(variantId(2), { priceMinor: 1_000 });
    const { order: answer, userErrors } = await order(1_700, { cartId: before });
    expect(userErrors).toEqual([]);
    expect(answer).toMatchObject({
      status: 'PENDING_PAYMENT',
      total: { minorUnits: 1_700, currency: 'EUR' },
      number: expect.stringMatching(/^TR(-[0-9A-HJKMNP-TV-Z]{4}){2}$/),
    });
    const orderId = fromGlobalId('Order', answer?.id, 'id');
    expect(orderId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const row = await market.shop.prisma.order.findUniqueOrThrow({
      where: { id: orderId },
      include: { lines: { orderBy: { position: 'asc' } }, payment: true },
    });
    expect(row).toMatchObject({
      userId: userId(n),
      currency: 'EUR',
      totalMinor: 1_700n,
      shipToRecipient: 'Ada Lovelace',
      shipToLine2: null,
      shipToCountryCode: 'GB',
      payment: { status: 'PENDING', amountMinor: 1_700n },
      lines: [
        {
          position: 0,
          variantId: variantId(1),
          sku: 'SKU-01',
          title: 'Thing 01',
          quantity: 2,
          unitPriceMinor: 350n,
        },
        {
          position: 1,
          variantId: variantId(2),
          sku: 'SKU-02',
          title: 'Thing 02',
          quantity: 1,
          unitPriceMinor: 1_000n,
        },
      ],
    });
    expect(Math.abs(row.placedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect(await stepsOf(market.shop.prisma, orderId)).toEqual(['>PENDING_PAYMENT']);
    expect(await tasksOf(market.shop.prisma, orderId)).toEqual([
      'event.publish',
      'mail.confirmation',
      'payment.check',
      'payment.start',
      'stock.confirm',
    ]);
    expect(market.warehouse.reservations.get(orderId)?.status).toBe('HELD');
    expect(await market.shop.prisma.cart.findUnique({ where: { userId: userId(n) } })).toBeNull();
    const { cart: next } = await add(market.shop.ask, customer(n), 1);
    expect(next?.id).not.toBe(before);
  });

  it('needs somebody to be signed in', async () => {
    const query = 'mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } } }';
    const { errors } = await market.shop.ask(null, query, { input: placing(n, 1) });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });

  it.each([
    [
      'no address of the viewer',
      () => ({ shippingAddressId: toGlobalId('Address', addressId(999)) }),
      'NotFoundError shippingAddressId',
    ],
    ['no address', () => ({ shippingAddressId: 'nonsense' }), 'NotFoundError shippingAddressId'],
    ['another cart', () => ({ cartId: toGlobalId('Cart', cartId(999)) }), 'NotFoundError cartId'],
    ['no cart', () => ({ cartId: toGlobalId('Order', cartId(999)) }), 'NotFoundError cartId'],
    ['a short key', () => ({ idempotencyKey: '1234567' }), 'ValidationError idempotencyKey'],
    ['a long key', () => ({ idempotencyKey: 'x'.repeat(101) }), 'ValidationError idempotencyKey'],
    [
      'a key that cannot be printed',
      () => ({ idempotencyKey: '12345678\n' }),
      'ValidationError idempotencyKey',
    ],
    [
      'a negative total',
      () => ({ expectedTotal: { minorUnits: -1, currency: 'EUR' } }),
      'ValidationError expectedTotal minorUnits',
    ],
    [
      'another total',
      () => ({ expectedTotal: { minorUnits: 701, currency: 'EUR' } }),
      'PriceChangedError expectedTotal',
    ],
    [
      'another currency',
      () => ({ expectedTotal: { minorUnits: 700, currency: 'USD' } }),
      'PriceChangedError expectedTotal',
    ],
  ])('refuses %s', async (_case, changes, error) => {
    await fill([1, 2]);
    const answer = await order(700, changes());
    expect(errorsOf(answer)).toEqual([error]);
    expect(answer.order).toBeNull();
    await expectNothing();
    expect(await cartQuantities()).toEqual([2]);
  });

  it('refuses an empty cart, and one that was never used', async () => {
    expect(errorsOf(await order(0))).toEqual(['CartEmptyError']);
    const { cart } = await add(market.shop.ask, customer(n), 1);
    await changeCart(market.shop.ask, customer(n), 'cartLineRemove', { lineId: cart?.lines[0]?.id });
    expect(errorsOf(await order(0))).toEqual(['CartEmptyError']);
    await expectNothing();
  });

  it('refuses what is not on sale any more', async () => {
    await fill([1, 2], [2, 1]);
    market.warehouse.stock(variantId(2), { onSale: false });
    expect(errorsOf(await order(700))).toEqual(['NotFoundError']);
    await expectNothing();
  });

  it('tells every line that is short, and orders when the stock has come', async () => {
    await fill([1, 5], [2, 5], [3, 5]);
    market.warehouse.stock(variantId(1), { onHand: 4 });
    market.warehouse.stock(variantId(3), { onHand: 0 });
    const { userErrors } = await order(5_250);
    expect(userErrors).toEqual([
      expect.objectContaining({
        __typename: 'InsufficientStockError',
        field: null,
        available: 4,
        variant: { id: variant(1) },
      }),
      expect.objectContaining({
        __typename: 'InsufficientStockError',
        field: null,
        available: 0,
        variant: { id: variant(3) },
      }),
    ]);
    await expectNothing();
    expect(market.warehouse.calls.get('inventoryRelease')).toBeUndefined();
    for (const article of [1, 3]) market.warehouse.stock(variantId(article));
    expect((await order(5_250)).order).not.toBeNull();
  });

  it('refuses prices in several currencies, and a sum that is no exact number', async () => {
    await fill([1, 1], [2, 1]);
    market.warehouse.stock(variantId(2), { currency: 'USD' });
    expect(errorsOf(await order(700))).toEqual(['ValidationError']);
    market.warehouse.stock(variantId(2), { priceMinor: Number.MAX_SAFE_INTEGER });
    expect(errorsOf(await order(700))).toEqual(['ValidationError']);
    await expectNothing();
  });

  it('shows the cart when the price has changed, and gives back what was held', async () => {
    const cart = await fill([1, 2]);
    market.warehouse.stock(variantId(1), { priceMinor: 400 });
    const { userErrors } = await order(700);
    expect(userErrors).toMatchObject([
      { code: 'PRICE_CHANGED', cart: { id: cart, lines: [{ quantity: 2, variant: { id: variant(1) } }] } },
    ]);
    await expectNothing();
    expect((await order(800, { idempotencyKey: 'another key' })).order).not.toBeNull();
  });
});

describe('a key', () => {
  it('answers the same order again, whatever is in the cart', async () => {
    const cart = await fill([1, 2]);
    const first = await order(700, { cartId: cart });
    expect(first.order).not.toBeNull();
    expect(await order(700, { cartId: cart })).toEqual(first);
    await fill([2, 1]);
    expect(await order(700, { cartId: cart })).toEqual(first);
    expect(await ordersOf()).toHaveLength(1);
    expect(await cartQuantities()).toEqual([1]);
  });

  it.each([
    ['address', () => ({ shippingAddressId: toGlobalId('Address', addressId(n + 1)) })],
    ['total', () => ({ expectedTotal: { minorUnits: 701, currency: 'EUR' } })],
    ['currency', () => ({ expectedTotal: { minorUnits: 700, currency: 'USD' } })],
    ['cart', () => ({ cartId: toGlobalId('Cart', cartId(1)) })],
  ])('is refused with another %s', async (_what, changes) => {
    await fill([1, 2]);
    expect((await order(700)).order).not.toBeNull();
    await fill([1, 2]);
    expect(errorsOf(await order(700, changes()))).toEqual(['IdempotencyKeyReusedError idempotencyKey']);
    expect(await ordersOf()).toHaveLength(1);
  });

  it('is each user’s own', async () => {
    const idempotencyKey = 'the same key of many';
    await fill([1, 1]);
    const mine = await order(350, { idempotencyKey });
    n += 1;
    await fill([1, 1]);
    const theirs = await order(350, { idempotencyKey });
    expect(theirs.order).not.toBeNull();
    expect(theirs.order?.id).not.toBe(mine.order?.id);
  });

  it('can be tried again after a refusal', async () => {
    expect(errorsOf(await order(350))).toEqual(['CartEmptyError']);
    await fill([1, 1]);
    expect((await order(350)).order).not.toBeNull();
  });
});

describe('services that are away', () => {
  it.each([
    ['addressBook', 'addressForOrder', 'refused'],
    ['addressBook', 'addressForOrder', 'lost'],
    ['warehouse', 'inventoryReserve', 'refused'],
    ['warehouse', 'inventoryReserve', 'lost'],
    ['warehouse', 'inventoryReserve', 'silent'],
  ] as const)('%s: %s is %s', async (neighbour, field, fault) => {
    await fill([1, 2]);
    market[neighbour].faults.set(field, fault);
    const before = await cartQuantities();
    expect(await codes(placing(n, 700))).toEqual([null, 'SERVICE_UNAVAILABLE']);
    const [placement] = await placements();
    expect(placement?.status).toBe('ABORTED');
    expect(await tasksOf(market.shop.prisma, placement?.orderId ?? '')).toEqual(['stock.release']);
    expect(await cartQuantities()).toEqual(before);
    market[neighbour].reset();
    const { order: answer } = await order(700);
    expect(answer).not.toBeNull();
    expect(await ordersOf()).toHaveLength(1);
  });

  it('an answer of products that comes too late finds the reservation closed', async () => {
    await fill([1, 2]);
    market.warehouse.faults.set('inventoryRelease', 'refused');
    market.warehouse.stock(variantId(1), { priceMinor: 1 });
    expect(errorsOf(await order(700))).toEqual(['PriceChangedError expectedTotal']);
    expect(market.warehouse.kept(variantId(1), 'HELD')).toBe(2);
    const [placement] = await placements();
    expect(await tasksOf(market.shop.prisma, placement?.orderId ?? '')).toEqual(['stock.release']);
  });
});

describe('a cart that changes while it is ordered', () => {
  const during = (field: string, effect: () => Promise<unknown>) => {
    let isDone = false;
    market.warehouse.afterEffect = async (called) => {
      if (called !== field || isDone) return;
      isDone = true;
      await effect();
    };
  };

  it.each([
    ['gets a line', async () => void (await fill([2, 1])), [2, 1]],
    ['gets pieces', async () => void (await fill([1, 1])), [3]],
    [
      'gets pieces that are taken out again',
      async () => {
        const { cart } = await add(market.shop.ask, customer(n), 1, 1);
        const lineId = cart?.lines[0]?.id;
        await changeCart(market.shop.ask, customer(n), 'cartLineUpdate', { lineId, quantity: 2 });
      },
      [2],
    ],
  ])('is not ordered when it %s', async (_case, effect, after) => {
    await fill([1, 2]);
    during('inventoryReserve', effect);
    const answer = await order(700);
    expect(errorsOf(answer)).toEqual(['PriceChangedError expectedTotal']);
    expect(answer.userErrors[0]?.cart?.lines.map(({ quantity }) => quantity)).toEqual(after);
    expect(await cartQuantities()).toEqual(after);
    await expectNothing();
  });

  it('is not ordered twice, by another key', async () => {
    const cart = await fill([1, 2]);
    during('inventoryReserve', () => order(700, { idempotencyKey: 'the other key' }));
    expect(errorsOf(await order(700, { cartId: cart }))).toEqual(['NotFoundError cartId']);
    expect(await ordersOf()).toHaveLength(1);
    expect(market.warehouse.kept(variantId(1), 'HELD')).toBe(2);
  });
});

it('a number that another order has is drawn again', async () => {
  const { prisma } = market.shop;
  await fill([1, 1]);
  const taken = (await order(350)).order?.number ?? '';
  await prisma.$executeRawUnsafe('CREATE SEQUENCE draws');
  await prisma.$executeRawUnsafe(`
    CREATE FUNCTION draw_taken_number() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('draws') <= 3 THEN NEW.number := '${taken}'; END IF;
      RETURN NEW;
    END $$`);
  await prisma.$executeRawUnsafe(
    'CREATE TRIGGER unlucky BEFORE INSERT ON order_numbers FOR EACH ROW EXECUTE FUNCTION draw_taken_number()',
  );
  try {
    await fill([1, 2]);
    const { order: answer } = await order(700, { idempotencyKey: 'another key' });
    expect(answer?.number).not.toBe(taken);
    const [draws] = await prisma.$queryRaw<{ draws: number }[]>`SELECT last_value::int AS draws FROM draws`;
    expect(draws).toEqual({ draws: 4 });
    expect(await ordersOf()).toHaveLength(2);
  } finally {
    await prisma.$executeRawUnsafe('DROP TRIGGER unlucky ON order_numbers');
  }
});

it('takes few statements', async () => {
  await fill([1, 2], [2, 1]);
  const input = placing(n, 1_050);
  const count = () => countStatements([market.shop.subgraph.metrics], () => place(market.shop.ask, n, input));
  const first = await count();
  expect(first.result.data?.orderPlace?.order).toMatchObject({ total: { minorUnits: 1_050 } });
  // The key, the cart, and a transaction: order with lines, history with payment, audit entry, jobs, COMMIT. The BEGIN,
  // which is not counted, makes it six statements.
  expect(first.statements).toBe(7);
  const again = await count();
  expect(again.result.data).toEqual(first.result.data);
  expect(again.statements).toBe(2);
});
