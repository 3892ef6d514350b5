import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { int, pick, shuffle } from './support/random.ts';
import { addProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import {
  type LineInput,
  newOrder,
  openWarehouse,
  type ToldError,
  type Warehouse,
} from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

const times = <Result>(count: number, run: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)));
const codesOf = (answers: readonly { userErrors: ToldError[] }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { userErrors } of answers) {
    const key = userErrors.map(({ code }) => code).join() || 'ok';
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

it('gives 50 pieces to 50 of 300 buyers', async () => {
  const variantId = await warehouse.stock(50);
  const answers = await times(300, () => warehouse.reserve(newOrder(), [{ variantId, quantity: 1 }]));
  expect(codesOf(answers)).toEqual({ ok: 50, INSUFFICIENT_STOCK: 250 });
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 50, reserved: 50 });
  expect(await warehouse.piecesIn(variantId, 'HELD')).toBe(50);
});

it('never locks buyers out who name the same variants in different orders', async () => {
  const variantIds: string[] = [];
  for (let n = 0; n < 4; n += 1) variantIds.push(await warehouse.stock(60));
  const answers = await times(200, () => {
    const lines = shuffle(variantIds).slice(0, 2);
    return warehouse.reserve(
      newOrder(),
      lines.map((variantId) => ({ variantId, quantity: 1 })),
    );
  });
  // 240 pieces for 400 wanted: some find one line short, some both.
  expect(answers.filter(({ lines }) => lines).length).toBeGreaterThan(60);
  for (const { lines, userErrors } of answers) {
    expect(lines === null).toBe(userErrors.length > 0);
    expect(userErrors.every(({ code }) => code === 'INSUFFICIENT_STOCK')).toBe(true);
  }
  let reserved = 0;
  for (const variantId of variantIds) {
    const stock = await warehouse.stockOf(variantId);
    expect(stock).toEqual({ onHand: 60, reserved: await warehouse.piecesIn(variantId, 'HELD') });
    reserved += stock?.reserved ?? 0;
  }
  expect(reserved).toBe(2 * answers.filter(({ lines }) => lines).length);
});

it('makes one reservation of 100 requests for one order', async () => {
  const variantId = await warehouse.stock(50);
  const order = newOrder();
  const answers = await times(100, () => warehouse.reserve(order, [{ variantId, quantity: 3 }]));
  expect(codesOf(answers)).toEqual({ ok: 100 });
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 50, reserved: 3 });
});

it('refuses 100 requests for one order that is too large, and keeps nothing', async () => {
  const variantId = await warehouse.stock(2);
  const order = newOrder();
  const answers = await times(100, () => warehouse.reserve(order, [{ variantId, quantity: 3 }]));
  expect(codesOf(answers)).toEqual({ INSUFFICIENT_STOCK: 100 });
  expect(await warehouse.statusOf(order)).toBeNull();
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 2, reserved: 0 });
});

it('confirms and releases once, however many ask', async () => {
  const variantId = await warehouse.stock(50);
  const order = newOrder();
  await warehouse.reserve(order, [{ variantId, quantity: 3 }]);
  expect(codesOf(await times(50, () => warehouse.confirm(order)))).toEqual({ ok: 50 });
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 47, reserved: 0 });
  expect(codesOf(await times(50, () => warehouse.release(order)))).toEqual({ ok: 50 });
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 50, reserved: 0 });
});

it('keeps its books when eight actors do what they like with the same orders', async () => {
  const STOCKED = 12;
  const { variantIds } = await addProduct(running.prisma, {
    title: 'Chair',
    variants: Array.from({ length: 5 }, () => ({ price: 100, onHand: STOCKED })),
  });
  const orders = Array.from({ length: 40 }, () => {
    const variants = shuffle(variantIds).slice(0, int(1, 3));
    const lines: LineInput[] = variants.map((variantId) => ({ variantId, quantity: int(1, 3) }));
    return { id: newOrder(), lines };
  });
  const seen: Record<string, number> = {};
  const act = async (): Promise<void> => {
    const order = pick(orders);
    const draw = Math.random();
    if (draw < 0.15) {
      await warehouse.makeDue(order.id);
    } else if (draw < 0.3) {
      seen.expired = (seen.expired ?? 0) + (await warehouse.expire(int(1, 5)));
    } else {
      const [name, answer] =
        draw < 0.65
          ? ['reserve', await warehouse.reserve(order.id, shuffle(order.lines))]
          : draw < 0.92
            ? ['confirm', await warehouse.confirm(order.id)]
            : ['release', await warehouse.release(order.id)];
      const key = `${name} ${answer.userErrors[0]?.code ?? 'ok'}`;
      seen[key] = (seen[key] ?? 0) + 1;
    }
  };
  await times(8, async () => {
    for (let command = 0; command < 500 / 8; command += 1) await act();
  });

  // The walk went through every kind of answer, or it shows nothing.
  for (const kind of ['reserve ok', 'reserve NOT_FOUND', 'confirm ok', 'release ok', 'expired'])
    expect({ kind, seen: (seen[kind] ?? 0) > 0 }).toEqual({ kind, seen: true });
  for (const variantId of variantIds) {
    const stock = await warehouse.stockOf(variantId);
    const sold = await warehouse.piecesIn(variantId, 'CONFIRMED');
    expect({ stocked: (stock?.onHand ?? 0) + sold, reserved: stock?.reserved }).toEqual({
      stocked: STOCKED,
      reserved: await warehouse.piecesIn(variantId, 'HELD'),
    });
  }
  for (const { id } of orders) await warehouse.release(id);
  for (const variantId of variantIds)
    expect(await warehouse.stockOf(variantId)).toEqual({ onHand: STOCKED, reserved: 0 });
});
