import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RETENTION_TASK, toGlobalId } from '@tributary/subgraph-kit';
import { countStatements, someViewer, type TestViewer } from '@tributary/testing';
import { customer, userId, variantId } from './support/fixtures.ts';
import {
  add,
  type CartAnswer,
  type CartPayload,
  changeCart,
  type Market,
  openMarket,
  variant,
} from './support/market.ts';
import { openWorkshop } from './support/workshop.ts';

let market: Market;
let viewer: TestViewer;
let n = 0;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market?.close());
beforeEach(() => {
  n += 1;
  viewer = customer(n);
  market.warehouse.reset();
  market.warehouse.articles.clear();
  for (let article = 1; article <= 110; article++) market.warehouse.stock(variantId(article));
});

const put = (article: number, quantity = 1, token?: string, who: TestViewer | null = viewer) =>
  add(market.shop.ask, token === undefined ? who : null, article, quantity, token);
const change = (
  mutation: Parameters<typeof changeCart>[2],
  input: Record<string, unknown>,
  who: TestViewer | null = viewer,
) => changeCart(market.shop.ask, who, mutation, input);
const quantities = (cart: CartAnswer | null) => cart?.lines.map(({ quantity }) => quantity);
const lineOf = ({ cart }: CartPayload) => cart?.lines[0]?.id ?? '';
const errorsOf = ({ userErrors }: CartPayload) =>
  userErrors.map(({ __typename, field }) => [__typename, ...(field ?? [])].join(' '));
async function cartOf(who: TestViewer | null, token?: string): Promise<CartAnswer | null> {
  const query =
    'query ($token: String) { cart(token: $token) { id updatedAt lines { id quantity variant { id } } } }';
  const { data, errors } = await market.shop.ask<{ cart: CartAnswer | null }>(who, query, { token });
  expect(errors).toBeUndefined();
  return data.cart;
}
/** A cart without an owner, that holds something. */
async function anonymousCart(...articles: [article: number, quantity: number][]): Promise<string> {
  let token: string | undefined;
  for (const [article, quantity] of articles) {
    const { cartToken } = await put(article, quantity, token, null);
    token ??= cartToken ?? undefined;
  }
  if (token === undefined) throw new Error('no token');
  return token;
}

describe('cartLineAdd', () => {
  it('makes the viewer’s cart, and adds pieces of the same variant up', async () => {
    expect(await cartOf(viewer)).toBeNull();
    const first = await put(1);
    expect(first).toMatchObject({ cartToken: null, userErrors: [] });
    const second = await put(2, 3);
    const third = await put(1, 4);
    expect(third.cart?.id).toBe(first.cart?.id);
    expect(third.cart?.lines.map((line) => [line.variant.id, line.quantity])).toEqual([
      [variant(1), 5],
      [variant(2), 3],
    ]);
    const times = [first, second, third].map(({ cart }) => Date.parse(cart?.updatedAt ?? ''));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(await cartOf(viewer)).toEqual(third.cart);
  });

  it('loses nothing when the first pieces come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => put(1 + (i % 2))));
    expect(new Set(answers.map(({ cart }) => cart?.id)).size).toBe(1);
    expect(quantities(await cartOf(viewer))).toEqual([20, 20]);
  });

  it('holds at most 999 pieces in a line, however many come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => put(1, 99)));
    expect(answers.flatMap(errorsOf)).toEqual(['ValidationError quantity', 'ValidationError quantity']);
    expect(quantities(await cartOf(viewer))).toEqual([990]);
  });

  it('holds at most 100 lines, however many come at the same time', async () => {
    for (let article = 1; article <= 99; article++) await put(article);
    const answers = await Promise.all(Array.from({ length: 11 }, (_, i) => put(100 + i)));
    expect(answers.flatMap(errorsOf)).toEqual(Array(10).fill('ValidationError variantId'));
    const cart = await cartOf(viewer);
    expect(cart?.lines).toHaveLength(100);
    const again = await change('cartLineAdd', { variantId: cart?.lines[50]?.variant.id });
    expect(again.userErrors).toEqual([]);
  });

  it.each([0, -1, 1_000])('refuses %i pieces', async (quantity) => {
    const answer = await put(1, quantity);
    expect(errorsOf(answer)).toEqual(['ValidationError quantity']);
    expect(answer.cart).toBeNull();
    expect(await cartOf(viewer)).toBeNull();
  });

  it('refuses more than there is, with what the cart holds', async () => {
    market.warehouse.stock(variantId(1), { onHand: 5 });
    await put(1, 3);
    const { cart, userErrors } = await put(1, 3);
    expect(cart).toBeNull();
    expect(userErrors).toEqual([
      {
        __typename: 'InsufficientStockError',
        code: 'INSUFFICIENT_STOCK',
        field: ['quantity'],
        available: 5,
        variant: { id: variant(1) },
      },
    ]);
    expect(quantities(await cartOf(viewer))).toEqual([3]);
  });

  it.each([
    ['that is unknown', () => toGlobalId('ProductVariant', userId(1))],
    ['that is not on sale', () => variant(1)],
    ['with an id of something else', () => toGlobalId('Product', userId(1))],
    ['with an id that is none', () => 'nonsense'],
  ])('refuses a variant %s', async (_case, idOf) => {
    market.warehouse.stock(variantId(1), { onSale: false });
    expect(errorsOf(await change('cartLineAdd', { variantId: idOf() }))).toEqual(['NotFoundError variantId']);
    expect(await cartOf(viewer)).toBeNull();
  });

  it('says so while products are away', async () => {
    market.warehouse.faults.set('variantOffers', 'refused');
    const query = `mutation { cartLineAdd(input: { variantId: "${variant(1)}" }) { cart { id } } }`;
    const { data, errors } = await market.shop.ask(viewer, query);
    expect(data).toEqual({ cartLineAdd: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
  });

  it('shows the cart as it is after each of several mutations in one request', async () => {
    const adding = `cartLineAdd(input: { variantId: "${variant(1)}" }) { cart { lines { quantity } } }`;
    const { data } = await market.shop.ask(viewer, `mutation { a: ${adding} b: ${adding} }`);
    expect(data).toEqual({
      a: { cart: { lines: [{ quantity: 1 }] } },
      b: { cart: { lines: [{ quantity: 2 }] } },
    });
  });
});

describe('a cart that staff reads', () => {
  const entries = () => market.shop.prisma.auditEntry.findMany({ where: { subjectId: userId(n) } });
  const read = (who: TestViewer) =>
    market.shop.ask(
      who,
      `{ _entities(representations: [{ __typename: "User", id: "${toGlobalId('User', userId(n))}" }]) {
        ... on User { cart { lines { quantity } } } } }`,
    );

  it('is noted in the audit log, and one’s own is not', async () => {
    await put(1);
    await read(viewer);
    expect(await entries()).toEqual([]);
    const staff = someViewer('STAFF');
    await read(staff);
    expect(await entries()).toMatchObject([
      { action: 'cart.read', actorId: staff.userId, subjectType: 'User' },
    ]);
  });
});

it('a change of a cart is one statement, and lines are read by another', async () => {
  const { statements } = await countStatements([market.shop.subgraph.metrics], () => put(1));
  expect(statements).toBe(2);
  const { cart } = await put(1);
  const lineId = cart?.lines[0]?.id;
  const removal = await countStatements([market.shop.subgraph.metrics], () =>
    change('cartLineRemove', { lineId }),
  );
  expect(removal.statements).toBe(2);
});

describe('cartLineUpdate and cartLineRemove', () => {
  it('change a line', async () => {
    const added = await put(1);
    await put(2);
    const changed = await change('cartLineUpdate', { lineId: lineOf(added), quantity: 7 });
    expect(quantities(changed.cart)).toEqual([7, 1]);
    const removed = await change('cartLineRemove', { lineId: lineOf(added) });
    expect(quantities(removed.cart)).toEqual([1]);
    const times = [added, changed, removed].map(({ cart }) => Date.parse(cart?.updatedAt ?? ''));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(errorsOf(await change('cartLineRemove', { lineId: lineOf(added) }))).toEqual([
      'NotFoundError lineId',
    ]);
  });

  it.each([0, -3, 1_000])('refuse %i pieces', async (quantity) => {
    const lineId = lineOf(await put(1));
    expect(errorsOf(await change('cartLineUpdate', { lineId, quantity }))).toEqual([
      'ValidationError quantity',
    ]);
  });

  it('refuse more than there is, and what is not on sale any more', async () => {
    const lineId = lineOf(await put(1, 2));
    market.warehouse.stock(variantId(1), { onHand: 4 });
    expect(errorsOf(await change('cartLineUpdate', { lineId, quantity: 5 }))).toEqual([
      'InsufficientStockError quantity',
    ]);
    expect(quantities((await change('cartLineUpdate', { lineId, quantity: 4 })).cart)).toEqual([4]);
    market.warehouse.stock(variantId(1), { onSale: false });
    expect(errorsOf(await change('cartLineUpdate', { lineId, quantity: 1 }))).toEqual([
      'NotFoundError lineId',
    ]);
    expect(quantities((await change('cartLineRemove', { lineId })).cart)).toEqual([]);
  });

  it.each([
    ['another customer', () => customer(900)],
    ['staff', () => someViewer('STAFF')],
    ['nobody', () => null],
  ])('find no line of somebody else, for %s', async (_who, who) => {
    const lineId = lineOf(await put(1));
    for (const answer of [
      await change('cartLineUpdate', { lineId, quantity: 2 }, who()),
      await change('cartLineRemove', { lineId }, who()),
      await change('cartLineRemove', { lineId, cartToken: 'guess' }, who()),
    ])
      expect(errorsOf(answer)).toEqual(['NotFoundError lineId']);
    expect(quantities(await cartOf(viewer))).toEqual([1]);
  });
});

describe('a cart without an owner', () => {
  it('is made for who is not signed in, and is had by its token', async () => {
    const made = await put(1, 1, undefined, null);
    const token = made.cartToken ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const { cart, cartToken } = await put(1, 2, token);
    expect(cart?.id).toBe(made.cart?.id);
    expect(cartToken).toBeNull();
    expect(await cartOf(null, token)).toEqual(cart);
    expect(await cartOf(null)).toBeNull();
    const lineId = lineOf(made);
    const updated = await change('cartLineUpdate', { lineId, quantity: 9, cartToken: token }, null);
    expect(quantities(updated.cart)).toEqual([9]);
    const removed = await change('cartLineRemove', { lineId, cartToken: token }, null);
    expect(quantities(removed.cart)).toEqual([]);
  });

  it('keeps nothing in the database that its token could be told from', async () => {
    const token = await anonymousCart([1, 1]);
    const rows = await market.shop.prisma.$queryRaw<{ row: string }[]>`SELECT c::text AS row FROM carts c`;
    for (const { row } of rows) {
      expect(row).not.toContain(token);
      expect(row).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    }
  });

  it('is not made for a token that there is not', async () => {
    expect(errorsOf(await put(1, 1, 'a guess'))).toEqual(['NotFoundError cartToken']);
    expect(errorsOf(await put(1, 1, ''))).toEqual(['NotFoundError cartToken']);
    expect(await cartOf(null, 'a guess')).toBeNull();
  });

  it.each([
    ['nobody', () => null],
    ['a customer', () => viewer],
    ['staff', () => someViewer('STAFF')],
  ])('is reached by no reference, for %s', async (_who, who) => {
    const token = await anonymousCart([1, 1]);
    const cart = await cartOf(null, token);
    const representations = [
      { __typename: 'Cart', id: cart?.id },
      { __typename: 'CartLine', id: cart?.lines[0]?.id },
    ];
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    const { data, errors } = await market.shop.ask(who(), query, { of: representations });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [null, null] });
  });

  it('is removed when nobody changed it for 30 days', async () => {
    const old = await anonymousCart([1, 1]);
    const young = await anonymousCart([1, 1]);
    await put(1);
    const age = (days: number, cartId: string | undefined) => market.shop.prisma.$executeRaw`
      UPDATE carts SET created_at = now() - interval '1 year', updated_at = now() - make_interval(days => ${days}::int)
      WHERE id = ${Buffer.from(cartId ?? '', 'base64url')
        .toString()
        .slice(5)}::uuid`;
    expect(await age(31, (await cartOf(null, old))?.id)).toBe(1);
    expect(await age(29, (await cartOf(null, young))?.id)).toBe(1);
    expect(await age(400, (await cartOf(viewer))?.id)).toBe(1);
    const workshop = openWorkshop(market.shop);
    await workshop.run(RETENTION_TASK, {});
    await workshop.close();
    expect(await cartOf(null, old)).toBeNull();
    expect(quantities(await cartOf(null, young))).toEqual([1]);
    expect(quantities(await cartOf(viewer))).toEqual([1]);
  });
});

describe('cartMerge', () => {
  const merge = (cartToken: string, who = viewer) => change('cartMerge', { cartToken }, who);

  it('moves the lines into the viewer’s cart, and adds up what both have', async () => {
    await put(1, 2);
    await put(2, 600);
    const token = await anonymousCart([2, 600], [3, 4]);
    const theirs = await cartOf(null, token);
    const { cart, userErrors } = await merge(token);
    expect(userErrors).toEqual([]);
    expect(cart?.lines.map((line) => [line.variant.id, line.quantity])).toEqual([
      [variant(1), 2],
      [variant(2), 999],
      [variant(3), 4],
    ]);
    expect(cart?.lines[2]?.id).toBe(theirs?.lines[1]?.id);
    expect(await cartOf(null, token)).toBeNull();
    expect(errorsOf(await put(1, 1, token))).toEqual(['NotFoundError cartToken']);
  });

  it('makes the viewer’s cart', async () => {
    const { cart } = await merge(await anonymousCart([1, 2]));
    expect(quantities(cart)).toEqual([2]);
    expect(await cartOf(viewer)).toEqual(cart);
  });

  it('happens once, and is nobody else’s', async () => {
    const token = await anonymousCart([1, 2]);
    const stranger = customer(800 + n);
    const answers = await Promise.all(Array.from({ length: 10 }, () => merge(token)));
    for (const { cart, userErrors } of answers) {
      expect(userErrors).toEqual([]);
      expect(quantities(cart)).toEqual([2]);
    }
    expect(errorsOf(await merge(token, stranger))).toEqual(['NotFoundError cartToken']);
    expect(errorsOf(await merge('a guess'))).toEqual(['NotFoundError cartToken']);
    expect(await cartOf(stranger)).toBeNull();
  });

  it('leaves out what was put in last, past 100 lines', async () => {
    const token = await anonymousCart([100, 1], [1, 1], [101, 1], [102, 1]);
    for (let article = 1; article <= 98; article++) await put(article);
    const { cart } = await merge(token);
    expect(cart?.lines).toHaveLength(100);
    const held = new Set(cart?.lines.map((line) => line.variant.id));
    expect([100, 101, 102].map((article) => held.has(variant(article)))).toEqual([true, true, false]);
    expect(cart?.lines.find((line) => line.variant.id === variant(1))?.quantity).toBe(2);
  });

  it('ends in one cart without a deadlock, while other carts are merged and both are filled', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => anonymousCart([1, 1], [2, 1])));
    const answers = await Promise.all(
      tokens.flatMap((token) => [merge(token), merge(token, customer(700 + n)), put(2), put(1, 1, token)]),
    );
    const adds = answers.filter((answer, i) => i % 4 === 3 && answer.userErrors.length === 0).length;
    const carts = [await cartOf(viewer), await cartOf(customer(700 + n))];
    const sum = carts
      .flatMap((cart) => quantities(cart) ?? [])
      .reduce((total, quantity) => total + quantity, 0);
    expect(sum).toBe(8 * 2 + 8 + adds);
  });

  it('needs somebody to be signed in', async () => {
    const query = 'mutation { cartMerge(input: { cartToken: "x" }) { cart { id } } }';
    const { errors } = await market.shop.ask(null, query);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });
});

it('a cart is a user’s or a token’s, and its lines are bounded, by the database’s word', async () => {
  const { prisma } = market.shop;
  await expect(prisma.cart.create({ data: {} })).rejects.toThrow('carts_of_user_or_token');
  await put(1);
  await expect(prisma.cartLine.updateMany({ data: { quantity: 0 } })).rejects.toThrow('cart_lines_quantity');
});
