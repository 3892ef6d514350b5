import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { toGlobalId } from '@tributary/subgraph-kit';
import { type Graph, startGraph } from '../support/start-graph.ts';

interface Variant {
  /** Global id. */
  id: string;
  title: string;
  /** Of one piece, in cents. */
  price: number;
}

let graph: Graph;
/** Three variants on sale, with 50 pieces of each to be had. */
let variants: [Variant, Variant, Variant];
beforeAll(async () => {
  graph = await startGraph({ jobs: false });
  const { rows } = await withClient(graph.databases.products.url, (client) =>
    client.query<{ uuid: string; title: string; price: number }>(
      `WITH chosen AS (
         SELECT v.id AS uuid, v.title, v.price_minor::int AS price
         FROM product_variants v JOIN products p ON p.id = v.product_id
         WHERE p.status = 'ACTIVE' AND p.currency = 'USD' ORDER BY v.id LIMIT 3
       ), stocked AS (
         UPDATE inventory i SET on_hand = i.reserved + 50 FROM chosen WHERE i.variant_id = chosen.uuid
       )
       SELECT * FROM chosen`,
    ),
  );
  const [a, b, c] = rows.map(({ uuid, ...variant }) => ({
    id: toGlobalId('ProductVariant', uuid),
    ...variant,
  }));
  if (!a || !b || !c) throw new Error('too few variants are on sale');
  variants = [a, b, c];
});
afterAll(() => graph?.stop());

interface Cart {
  id: string;
  subtotal: { amount: string } | null;
  lines: {
    id: string;
    quantity: number;
    lineTotal: { amount: string } | null;
    variant: { title: string } | null;
  }[];
}
interface Payload {
  cart: Cart | null;
  cartToken?: string | null;
  userErrors: {
    __typename: string;
    field: string[] | null;
    available?: number;
    variant?: { title: string };
  }[];
}

const CART = 'id subtotal { amount } lines { id quantity lineTotal { amount } variant { title } }';
const ERRORS = `userErrors { __typename ... on UserError { field }
  ... on InsufficientStockError { available variant { title } } }`;
const FIELDS = {
  cartLineAdd: `cart { ${CART} } cartToken ${ERRORS}`,
  cartLineUpdate: `cart { ${CART} } ${ERRORS}`,
  cartLineRemove: `cart { ${CART} } ${ERRORS}`,
  cartMerge: `cart { ${CART} } ${ERRORS}`,
};

/** Who asks: a customer, by uuid, or nobody. */
type Asker = string | null;

const headersOf = async (asker: Asker) => (asker === null ? {} : graph.authorizationOf(asker));

async function change(
  asker: Asker,
  mutation: keyof typeof FIELDS,
  input: Record<string, unknown>,
): Promise<Payload> {
  const type = `C${mutation.slice(1)}Input`;
  const { data, errors } = await graph.ask<{ result: Payload }>(
    `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${FIELDS[mutation]} } }`,
    { variables: { input }, headers: await headersOf(asker) },
  );
  expect(errors).toBeUndefined();
  return data.result;
}

async function cartOf(asker: Asker, token?: string | null): Promise<Cart | null> {
  const { data, errors } = await graph.ask<{ cart: Cart | null }>(
    `query ($token: String) { cart(token: $token) { ${CART} } }`,
    { variables: { token }, headers: await headersOf(asker) },
  );
  expect(errors).toBeUndefined();
  return data.cart;
}

/** A cart as it should be shown, with the sums of the catalogue. */
function cartOfLines(...lines: [variant: Variant, quantity: number][]) {
  const amount = (minorUnits: number) => ({ amount: (minorUnits / 100).toFixed(2) });
  return {
    id: expect.any(String),
    subtotal: amount(lines.reduce((sum, [{ price }, quantity]) => sum + price * quantity, 0)),
    lines: lines.map(([{ price, title }, quantity]) => ({
      id: expect.any(String),
      quantity,
      lineTotal: amount(price * quantity),
      variant: { title },
    })),
  };
}

describe.each([
  ['nobody', () => null],
  ['a customer', () => randomUUID()],
])('the cart of %s', (_who, newAsker) => {
  it('shows the catalogue’s sums below each mutation, and when it is read', async () => {
    const [a, b] = variants;
    const asker: Asker = newAsker();
    const made = await change(asker, 'cartLineAdd', { variantId: a.id, quantity: 2 });
    expect(made).toMatchObject({ cart: cartOfLines([a, 2]), userErrors: [] });
    const token = made.cartToken;
    if (asker === null) expect(Buffer.from(token ?? '', 'base64url')).toHaveLength(32);
    else expect(token).toBeNull();

    const input = token ? { cartToken: token } : {};
    const added = await change(asker, 'cartLineAdd', { ...input, variantId: b.id, quantity: 3 });
    expect(added).toEqual({ cart: cartOfLines([a, 2], [b, 3]), cartToken: null, userErrors: [] });
    expect(added.cart?.id).toBe(made.cart?.id);
    expect(await cartOf(asker, token)).toEqual(added.cart);

    const lineId = made.cart?.lines[0]?.id;
    const changed = await change(asker, 'cartLineUpdate', { ...input, lineId, quantity: 5 });
    expect(changed).toEqual({ cart: cartOfLines([a, 5], [b, 3]), userErrors: [] });
    const removed = await change(asker, 'cartLineRemove', { ...input, lineId });
    expect(removed).toEqual({ cart: cartOfLines([b, 3]), userErrors: [] });
    expect(await cartOf(asker, token)).toEqual(removed.cart);
    expect(await cartOf(null)).toBeNull();
    expect(await cartOf(randomUUID())).toBeNull();
  });

  it('takes no more than there is, and says how much that is', async () => {
    const [a] = variants;
    const asker: Asker = newAsker();
    expect(await change(asker, 'cartLineAdd', { variantId: a.id, quantity: 51 })).toMatchObject({
      cart: null,
      userErrors: [
        {
          __typename: 'InsufficientStockError',
          field: ['quantity'],
          available: 50,
          variant: { title: a.title },
        },
      ],
    });
  });
});

it('a cart is reached by its id where it is the viewer’s, and by its token only without an owner', async () => {
  const byId = async (cart: Cart | null, headers: Record<string, string>) => {
    const { data, errors } = await graph.ask('query ($id: ID!) { node(id: $id) { id } }', {
      variables: { id: cart?.id },
      headers,
    });
    expect(errors).toBeUndefined();
    return data.node;
  };
  const customer = randomUUID();
  const theirs = await change(customer, 'cartLineAdd', { variantId: variants[0].id });
  expect(await byId(theirs.cart, await graph.authorizationOf(customer))).toEqual({ id: theirs.cart?.id });
  const { cart } = await change(null, 'cartLineAdd', { variantId: variants[0].id });
  for (const viewer of ['anonymous', 'customer', 'staff', 'admin'] as const)
    expect(await byId(cart, await graph.authorization(viewer))).toBeNull();
});

it('a cart that was filled before signing in goes into the viewer’s, once', async () => {
  const [a, b, c] = variants;
  const customer = randomUUID();
  await change(customer, 'cartLineAdd', { variantId: a.id, quantity: 1 });
  await change(customer, 'cartLineAdd', { variantId: b.id, quantity: 1 });
  const { cartToken } = await change(null, 'cartLineAdd', { variantId: b.id, quantity: 4 });
  await change(null, 'cartLineAdd', { variantId: c.id, quantity: 2, cartToken });

  const merged = { cart: cartOfLines([a, 1], [b, 5], [c, 2]), userErrors: [] };
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => change(customer, 'cartMerge', { cartToken })),
  );
  for (const answer of answers) expect(answer).toEqual(merged);
  expect(await cartOf(customer)).toEqual(merged.cart);
  expect(await cartOf(null, cartToken)).toBeNull();
  expect(await change(randomUUID(), 'cartMerge', { cartToken })).toEqual({
    cart: null,
    userErrors: [{ __typename: 'NotFoundError', field: ['cartToken'] }],
  });
});
