import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
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

const line = (variantId: string, quantity: number) => ({ variantId, quantity });
const CLOSED = {
  __typename: 'NotFoundError',
  code: 'NOT_FOUND',
  message: 'This reservation is closed.',
  field: ['orderId'],
};

describe('inventoryReserve', () => {
  it('holds all lines, in the order of the input, as they are sold now', async () => {
    const { variantIds, uuid } = await addProduct(running.prisma, {
      title: 'Rain Jacket',
      currency: 'EUR',
      variants: [{ price: 9_900 }, { price: 12_900 }],
    });
    const [first = '', second = ''] = variantIds;
    const variants = await running.prisma.productVariant.findMany({
      where: { productId: uuid },
      orderBy: { position: 'asc' },
    });
    await running.prisma.productVariant.update({
      where: { id: variants[1]?.id ?? '' },
      data: { title: 'Standard' },
    });
    const before = Date.now();
    const { lines, expiresAt, userErrors } = await warehouse.reserve(newOrder(), [
      line(second, 2),
      line(first, 3),
    ]);
    expect(userErrors).toEqual([]);
    expect(lines).toEqual([
      {
        variant: { id: second },
        sku: variants[1]?.sku,
        title: 'Rain Jacket',
        quantity: 2,
        unitPrice: { minorUnits: 12_900, currency: 'EUR' },
      },
      {
        variant: { id: first },
        sku: variants[0]?.sku,
        title: 'Rain Jacket, Variant 0',
        quantity: 3,
        unitPrice: { minorUnits: 9_900, currency: 'EUR' },
      },
    ]);
    const inTwoMinutes = Date.parse(expiresAt ?? '') - 120_000;
    expect(inTwoMinutes).toBeGreaterThanOrEqual(before - 1_000);
    expect(inTwoMinutes).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await warehouse.stockOf(first)).toEqual({ onHand: 10, reserved: 3 });
    expect(await warehouse.stockOf(second)).toEqual({ onHand: 10, reserved: 2 });
  });

  it('answers the same again, whatever the catalogue says by then', async () => {
    const [one, other] = [await warehouse.stock(5), await warehouse.stock(5)];
    const order = newOrder();
    const first = await warehouse.reserve(order, [line(one, 5), line(other, 1)]);
    await running.prisma.productVariant.update({
      where: { id: uuidOf(one) },
      data: { priceMinor: 5n, title: 'Renamed', product: { update: { status: 'ARCHIVED' } } },
    });
    expect(await warehouse.reserve(order, [line(one, 5), line(other, 1)])).toEqual(first);
    await warehouse.confirm(order);
    const confirmed = await warehouse.reserve(order, [line(one, 5), line(other, 1)]);
    expect(confirmed).toEqual({ ...first, expiresAt: null });
    expect(await warehouse.stockOf(one)).toEqual({ onHand: 0, reserved: 0 });
  });

  it('answers in the order of the input, also where that is another than the first time', async () => {
    const [one, other] = [await warehouse.stock(5), await warehouse.stock(5)];
    const order = newOrder();
    const { lines } = await warehouse.reserve(order, [line(one, 5), line(other, 1)]);
    const again = await warehouse.reserve(order, [line(other, 1), line(one, 5)]);
    expect(again.userErrors).toEqual([]);
    expect(again.lines).toEqual(lines?.toReversed());
  });

  it('tells that a variant is gone since', async () => {
    const variantId = await warehouse.stock(5);
    const order = newOrder();
    const { lines } = await warehouse.reserve(order, [line(variantId, 1)]);
    await running.prisma.productVariant.delete({ where: { id: uuidOf(variantId) } });
    const again = await warehouse.reserve(order, [line(variantId, 1)]);
    expect(again.lines).toEqual(lines?.map((before) => ({ ...before, variant: null })));
    expect(await warehouse.release(order)).toEqual({ status: 'RELEASED', userErrors: [] });
  });

  it.each([
    ['another quantity', (a: string, _b: string) => [line(a, 2)]],
    ['another variant', (_a: string, b: string) => [line(b, 1)]],
    ['one more line', (a: string, b: string) => [line(a, 1), line(b, 1)]],
  ])('refuses the same order with %s', async (_case, otherLines) => {
    const [a, b] = [await warehouse.stock(5), await warehouse.stock(5)];
    const order = newOrder();
    await warehouse.reserve(order, [line(a, 1)]);
    const { lines, userErrors } = await warehouse.reserve(order, otherLines(a, b));
    expect(lines).toBeNull();
    expect(userErrors).toEqual([
      expect.objectContaining({
        __typename: 'IdempotencyKeyReusedError',
        code: 'IDEMPOTENCY_KEY_REUSED',
        field: ['orderId'],
      }),
    ]);
    expect(await warehouse.stockOf(a)).toEqual({ onHand: 5, reserved: 1 });
  });

  it('names every line that is short, and holds none', async () => {
    const [plenty, few, none, uncounted] = [
      await warehouse.stock(9),
      await warehouse.stock(2),
      await warehouse.stock(0),
      await warehouse.stock(0, { variants: [{ price: 1, onHand: null }] }),
    ];
    const order = newOrder();
    const wanted = [line(plenty, 9), line(few, 3), line(none, 1), line(uncounted, 1)];
    const { lines, expiresAt, userErrors } = await warehouse.reserve(order, wanted);
    expect([lines, expiresAt]).toEqual([null, null]);
    const short = (index: number, variantId: string, available: number, message: string) => ({
      __typename: 'InsufficientStockError',
      code: 'INSUFFICIENT_STOCK',
      message,
      field: ['lines', String(index), 'quantity'],
      variant: { id: variantId },
      available,
    });
    expect(userErrors).toEqual([
      short(1, few, 2, 'Only 2 can be had.'),
      short(2, none, 0, 'This is out of stock.'),
      short(3, uncounted, 0, 'This is out of stock.'),
    ]);
    expect(await warehouse.stockOf(plenty)).toEqual({ onHand: 9, reserved: 0 });
    expect(await warehouse.statusOf(order)).toBeNull();
    expect((await warehouse.reserve(order, [line(plenty, 9)])).userErrors).toEqual([]);
  });

  it.each(['DRAFT', 'ARCHIVED', 'GONE', 'MALFORMED', 'OF ANOTHER TYPE'])(
    'finds no variant that is %s',
    async (kind) => {
      const sold = await warehouse.stock(5);
      const ids: Record<string, () => Promise<string>> = {
        DRAFT: () => warehouse.stock(5, { status: 'DRAFT' }),
        ARCHIVED: () => warehouse.stock(5, { status: 'ARCHIVED' }),
        GONE: async () => toGlobalId('ProductVariant', '00000000-0000-7000-8000-000000000000'),
        MALFORMED: async () => 'x',
        'OF ANOTHER TYPE': async () => newOrder(),
      };
      const variantId = (await ids[kind]?.()) ?? '';
      const order = newOrder();
      const { lines, userErrors } = await warehouse.reserve(order, [line(sold, 1), line(variantId, 1)]);
      expect(lines).toBeNull();
      expect(userErrors).toEqual([
        {
          __typename: 'NotFoundError',
          code: 'NOT_FOUND',
          message: 'This is not on sale.',
          field: ['lines', '1', 'variantId'],
        },
      ]);
      expect(await warehouse.stockOf(sold)).toEqual({ onHand: 5, reserved: 0 });
      expect(await warehouse.statusOf(order)).toBeNull();
    },
  );

  const SOME = toGlobalId('ProductVariant', '00000000-0000-7000-8000-000000000001');
  it.each([
    ['no line', [], 120, ['lines']],
    ['no piece', [line(SOME, 0)], 120, ['lines', '0', 'quantity']],
    ['less than no piece', [line(SOME, -1)], 120, ['lines', '0', 'quantity']],
    ['too many pieces', [line(SOME, 1_000)], 120, ['lines', '0', 'quantity']],
    ['a variant twice', [line(SOME, 1), line(SOME, 2)], 120, ['lines', '1', 'variantId']],
    ['no time', [line(SOME, 1)], 0, ['expiresInSeconds']],
    ['too much time', [line(SOME, 1)], 86_401, ['expiresInSeconds']],
    [
      'too many lines',
      Array.from({ length: 101 }, (_, n) =>
        line(toGlobalId('ProductVariant', `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`), 1),
      ),
      120,
      ['lines'],
    ],
  ])('refuses %s', async (_case, lines, seconds, field) => {
    const { userErrors } = await warehouse.reserve(newOrder(), lines, seconds);
    expect(userErrors).toEqual([expect.objectContaining({ code: 'VALIDATION', field })]);
  });

  it('holds 100 lines of up to 999 pieces', async () => {
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Sock',
      variants: Array.from({ length: 100 }, () => ({ price: 1, onHand: 999 })),
    });
    const { lines, userErrors } = await warehouse.reserve(
      newOrder(),
      variantIds.map((id) => line(id, 999)),
    );
    expect(userErrors).toEqual([]);
    expect(lines?.map(({ variant }) => variant?.id)).toEqual(variantIds);
  });

  it('knows orders by their ids only', async () => {
    const variantId = await warehouse.stock(5);
    for (const orderId of ['x', variantId]) {
      const notFound = [expect.objectContaining({ code: 'NOT_FOUND', field: ['orderId'] })];
      expect((await warehouse.reserve(orderId, [line(variantId, 1)])).userErrors).toEqual(notFound);
      expect(await warehouse.confirm(orderId)).toEqual({ status: null, userErrors: notFound });
      expect(await warehouse.release(orderId)).toEqual({ status: null, userErrors: notFound });
    }
  });
});

describe('inventoryConfirm', () => {
  it('takes the pieces out of stock, once', async () => {
    const variantId = await warehouse.stock(5);
    const order = newOrder();
    await warehouse.reserve(order, [line(variantId, 2)]);
    for (const _time of [1, 2, 3]) {
      expect(await warehouse.confirm(order)).toEqual({ status: 'CONFIRMED', userErrors: [] });
      expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
    }
  });

  it('knows nothing of an order that has reserved nothing', async () => {
    expect(await warehouse.confirm(newOrder())).toEqual({
      status: null,
      userErrors: [expect.objectContaining({ code: 'NOT_FOUND', field: ['orderId'] })],
    });
  });
});

describe('inventoryRelease', () => {
  it.each([
    ['held', false],
    ['taken', true],
  ])('puts back what was %s, once and for good', async (_case, confirmed) => {
    const variantId = await warehouse.stock(5);
    const order = newOrder();
    await warehouse.reserve(order, [line(variantId, 2)]);
    if (confirmed) await warehouse.confirm(order);
    for (const _time of [1, 2, 3]) {
      expect(await warehouse.release(order)).toEqual({ status: 'RELEASED', userErrors: [] });
      expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
    }
    expect(await warehouse.confirm(order)).toEqual({ status: null, userErrors: [CLOSED] });
    expect((await warehouse.reserve(order, [line(variantId, 2)])).userErrors).toEqual([CLOSED]);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('refuses a reservation that arrives after it', async () => {
    const variantId = await warehouse.stock(5);
    const order = newOrder();
    expect(await warehouse.release(order)).toEqual({ status: 'RELEASED', userErrors: [] });
    expect((await warehouse.reserve(order, [line(variantId, 2)])).userErrors).toEqual([CLOSED]);
    expect(await warehouse.confirm(order)).toEqual({ status: null, userErrors: [CLOSED] });
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });
});

describe('each command is one statement', () => {
  it.each([1, 50])('with %i lines', async (count) => {
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Cup',
      variants: Array.from({ length: count }, () => ({ price: 1 })),
    });
    const lines = variantIds.map((id) => line(id, 1));
    const [order, expired] = [newOrder(), newOrder()];
    const statements = async (run: () => Promise<{ userErrors: unknown[] }>) => {
      const { result, statements: sent } = await running.count(run);
      expect(result.userErrors).toEqual([]);
      return sent;
    };
    expect(await statements(() => warehouse.reserve(order, lines))).toBe(1);
    expect(await statements(() => warehouse.reserve(order, lines))).toBe(1);
    expect(await statements(() => warehouse.confirm(order))).toBe(1);
    expect(await statements(() => warehouse.release(order))).toBe(1);
    await warehouse.reserve(expired, lines);
    await warehouse.makeDue(expired);
    expect(await warehouse.expire()).toBe(1);
    expect(await statements(() => warehouse.confirm(expired))).toBe(1);
    const { statements: ofRefusal } = await running.count(() =>
      warehouse.reserve(newOrder(), [...lines.slice(1), line(variantIds[0] ?? '', 999)]),
    );
    expect(ofRefusal).toBe(1);
  });
});

const uuidOf = (variantId: string) => fromGlobalId('ProductVariant', variantId, 'variantId');
