import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { graphql, identityHeaders, someViewer, type TestViewer } from '@tributary/testing';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type ToldError, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

interface AdjustAnswer {
  variant: { id: string; inventory: { onHand: number } | null } | null;
  onHandAfter: number | null;
  userErrors: ToldError[];
}

interface AdjustInput {
  variantId: string;
  delta: number;
  reason: string;
  idempotencyKey: string;
}

const MUTATION = `mutation ($input: InventoryAdjustInput!) {
  inventoryAdjust(input: $input) {
    variant { id inventory { onHand } }
    onHandAfter
    userErrors {
      __typename
      ... on UserError { code message field }
      ... on InsufficientStockError { available variant { id } }
    }
  }
}`;
const STAFF = someViewer('STAFF');

async function adjust(input: Partial<AdjustInput>, viewer: TestViewer = STAFF): Promise<AdjustAnswer> {
  const { data, errors } = await graphql<{ inventoryAdjust: AdjustAnswer }>(running.url, {
    query: MUTATION,
    variables: { input: { reason: 'Delivery', idempotencyKey: randomUUID(), ...input } },
    headers: await identityHeaders(viewer),
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.inventoryAdjust;
}

const uuidOf = (variantId: string) => fromGlobalId('ProductVariant', variantId, 'variantId');
const adjustmentsOf = (variantId: string) =>
  running.prisma.inventoryAdjustment.findMany({ where: { variantId: uuidOf(variantId) } });
const refused = (error: Partial<ToldError>) => ({
  variant: null,
  onHandAfter: null,
  userErrors: [expect.objectContaining(error)],
});

describe('a change of stock', () => {
  it('tells the stock after each of several changes in one request', async () => {
    const variantId = await warehouse.stock(5);
    const change = (name: string, delta: number) => `${name}: inventoryAdjust(input: {
      variantId: "${variantId}", delta: ${delta}, reason: "Delivery", idempotencyKey: "${randomUUID()}"
    }) { variant { inventory { onHand } } }`;
    const data = await running.data(`mutation { ${change('a', 2)} ${change('b', 3)} }`, {}, 'STAFF');
    expect(data).toEqual({
      a: { variant: { inventory: { onHand: 7 } } },
      b: { variant: { inventory: { onHand: 10 } } },
    });
  });

  it('is counted, and written down', async () => {
    const variantId = await warehouse.stock(5);
    expect(await adjust({ variantId, delta: 7, reason: '  Delivery 12 ' })).toEqual({
      variant: { id: variantId, inventory: { onHand: 12 } },
      onHandAfter: 12,
      userErrors: [],
    });
    expect((await adjust({ variantId, delta: -12 })).onHandAfter).toBe(0);
    expect(await adjustmentsOf(variantId)).toEqual([
      expect.objectContaining({ delta: 7, reason: 'Delivery 12', actorId: STAFF.userId, onHandAfter: 12 }),
      expect.objectContaining({ delta: -12, onHandAfter: 0 }),
    ]);
    expect(await running.prisma.auditEntry.findMany({ where: { subjectId: uuidOf(variantId) } })).toEqual([
      expect.objectContaining({
        action: 'inventory.adjust',
        subjectType: 'ProductVariant',
        actorId: STAFF.userId,
        actorRole: 'STAFF',
        details: { delta: 7, onHand: 12 },
      }),
      expect.objectContaining({ details: { delta: -12, onHand: 0 } }),
    ]);
  });

  it('counts a variant for the first time', async () => {
    const variantId = await warehouse.stock(0, { variants: [{ price: 1, onHand: null }], status: 'DRAFT' });
    expect(await adjust({ variantId, delta: -1 })).toEqual(
      refused({ code: 'INSUFFICIENT_STOCK', available: 0, field: ['delta'], variant: { id: variantId } }),
    );
    expect(await warehouse.stockOf(variantId)).toBeNull();
    expect((await adjust({ variantId, delta: 4 })).variant?.inventory).toEqual({ onHand: 4 });
  });

  it('takes no piece away that is promised to an order', async () => {
    const variantId = await warehouse.stock(5);
    await warehouse.reserve(newOrder(), [{ variantId, quantity: 3 }]);
    expect(await adjust({ variantId, delta: -3 })).toEqual(
      refused({ code: 'INSUFFICIENT_STOCK', available: 2, message: 'Only 2 can be had.' }),
    );
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 3 });
    expect((await adjust({ variantId, delta: -2 })).onHandAfter).toBe(3);
    expect(await adjustmentsOf(variantId)).toHaveLength(1);
  });

  it('ends at the largest number that is counted', async () => {
    const variantId = await warehouse.stock(5);
    expect(await adjust({ variantId, delta: 2_147_483_643 })).toEqual(
      refused({ code: 'VALIDATION', field: ['delta'] }),
    );
    expect((await adjust({ variantId, delta: 2_147_483_642 })).onHandAfter).toBe(2_147_483_647);
    expect((await adjust({ variantId, delta: -2_147_483_647 })).onHandAfter).toBe(0);
    expect(await adjust({ variantId, delta: -2_147_483_648 })).toEqual(
      refused({ code: 'INSUFFICIENT_STOCK', available: 0 }),
    );
  });

  it.each([
    ['delta', { delta: 0 }],
    ['reason', { reason: ' ' }],
    ['reason', { reason: 'x'.repeat(501) }],
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: 'x'.repeat(201) }],
  ])('needs a proper %s', async (field, wrong) => {
    const variantId = await warehouse.stock(5);
    expect(await adjust({ variantId, delta: 1, ...wrong })).toEqual(
      refused({ code: 'VALIDATION', field: [field] }),
    );
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('needs a variant', async () => {
    const gone = await warehouse.stock(5);
    await running.prisma.productVariant.delete({ where: { id: uuidOf(gone) } });
    for (const variantId of ['x', newOrder(), gone])
      expect(await adjust({ variantId, delta: 1 })).toEqual(
        refused({ code: 'NOT_FOUND', field: ['variantId'] }),
      );
  });

  it.each([
    ['NOBODY', 'UNAUTHENTICATED'],
    ['CUSTOMER', 'FORBIDDEN'],
  ] as const)('is not for %s', async (asker, code) => {
    const variantId = await warehouse.stock(5);
    const input = { variantId, delta: 1, reason: 'Mine', idempotencyKey: 'k' };
    const { data, errors } = await running.ask(MUTATION, { input }, asker);
    expect(data).toEqual({ inventoryAdjust: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 5, reserved: 0 });
  });
});

describe('an idempotency key', () => {
  it('counts once, and answers the first result again', async () => {
    const variantId = await warehouse.stock(5);
    const input = { variantId, delta: 1, reason: 'Found', idempotencyKey: randomUUID() };
    expect((await adjust(input)).onHandAfter).toBe(6);
    await adjust({ variantId, delta: 10 });
    expect(await adjust(input)).toEqual({
      variant: { id: variantId, inventory: { onHand: 16 } },
      onHandAfter: 6,
      userErrors: [],
    });
    expect(await adjustmentsOf(variantId)).toHaveLength(2);
    expect(await running.prisma.auditEntry.count({ where: { subjectId: uuidOf(variantId) } })).toBe(2);
  });

  it('is for one request of one person', async () => {
    const [variantId, other] = [await warehouse.stock(5), await warehouse.stock(5)];
    const input = { variantId, delta: 1, reason: 'Found', idempotencyKey: randomUUID() };
    await adjust(input);
    for (const change of [{ delta: 2 }, { reason: 'Lost' }, { variantId: other }])
      expect(await adjust({ ...input, ...change })).toEqual(
        refused({
          __typename: 'IdempotencyKeyReusedError',
          code: 'IDEMPOTENCY_KEY_REUSED',
          field: ['idempotencyKey'],
        }),
      );
    expect((await adjust(input, someViewer('ADMIN'))).onHandAfter).toBe(7);
    expect(await warehouse.stockOf(other)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('is free again after a refusal', async () => {
    const variantId = await warehouse.stock(5);
    const input = { variantId, delta: -6, reason: 'Lost', idempotencyKey: randomUUID() };
    expect((await adjust(input)).userErrors).toHaveLength(1);
    await adjust({ variantId, delta: 1 });
    expect((await adjust(input)).onHandAfter).toBe(0);
  });

  it('counts once of 50 requests at once', async () => {
    const variantId = await warehouse.stock(0, { variants: [{ price: 1, onHand: null }] });
    const input = { variantId, delta: 3, reason: 'Delivery', idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => adjust(input)));
    expect(new Set(answers.map(({ onHandAfter }) => onHandAfter))).toEqual(new Set([3]));
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 3, reserved: 0 });
    expect(await adjustmentsOf(variantId)).toHaveLength(1);
    expect(await running.prisma.auditEntry.count({ where: { subjectId: uuidOf(variantId) } })).toBe(1);
  });

  it('goes to one of several variants at once', async () => {
    const { variantIds } = await addProduct(running.prisma, {
      title: 'Bowl',
      variants: Array.from({ length: 20 }, () => ({ price: 1, onHand: 0 })),
    });
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(
      variantIds.map((variantId) => adjust({ variantId, delta: 1, idempotencyKey })),
    );
    expect(answers.filter(({ onHandAfter }) => onHandAfter === 1)).toHaveLength(1);
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'IDEMPOTENCY_KEY_REUSED')).toHaveLength(
      19,
    );
    let total = 0;
    for (const variantId of variantIds) total += (await warehouse.stockOf(variantId))?.onHand ?? 0;
    expect(total).toBe(1);
  });
});

it('keeps the books while staff counts and customers buy', async () => {
  const variantId = await warehouse.stock(50);
  const changes = await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      if (n % 3 > 0) {
        const order = newOrder();
        const { lines } = await warehouse.reserve(order, [{ variantId, quantity: 2 }]);
        if (lines) await warehouse.confirm(order);
        return 0;
      }
      const delta = n % 2 ? -4 : 3;
      return (await adjust({ variantId, delta })).userErrors.length ? 0 : delta;
    }),
  );
  const stocked = changes.reduce((sum, delta) => sum + delta, 50);
  const sold = await warehouse.piecesIn(variantId, 'CONFIRMED');
  expect(sold).toBeGreaterThan(0);
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: stocked - sold, reserved: 0 });
});

it('takes one statement beside the transaction, the audit entry and what is read of the variant', async () => {
  const variantId = await warehouse.stock(5);
  const input = { variantId, delta: 1, reason: 'Found', idempotencyKey: randomUUID() };
  expect((await running.count(() => adjust(input))).statements).toBe(5);
  expect((await running.count(() => adjust(input))).statements).toBe(4);
});
