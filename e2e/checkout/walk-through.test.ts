import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { type Article, place, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';

const README = new URL('../../README.md', import.meta.url);
const TAKEN = 200; // HTTP status of a webhook's answer
const EMAIL = 'grace@example.com';
const PASSWORD = 'a horse of another colour';
const PAYMENT_SECRETS = { PAYMENT_SECRET: 'a secret', PAYMENT_WEBHOOK_SECRET: 'another secret' };

let graph: Graph;
let payments: TestPayments;
/** The access token that requests have; none for somebody who is not signed in. */
let token: string | null = null;

beforeAll(async () => {
  payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PORT: '0',
      SETTLE_AFTER_MS: '0',
      ...PAYMENT_SECRETS,
    }),
    { behaviour: () => ({ outcome: 'succeed' }) },
  );
  graph = await startGraph({ orders: { PAYMENT_URL: payments.url, ...PAYMENT_SECRETS } });
  payments.setWebhookUrl(new URL('/webhooks/payments', graph.subgraphs.orders.url).href);
});
afterAll(async () => {
  await graph?.stop();
  await payments?.close();
});

/** Asks the gateway as a customer's client would. @throws when there is an error, or a payload has userErrors */
async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const { data, errors } = await graph.ask<Data>(query, { variables, headers });
  expect(errors).toBeUndefined();
  for (const payload of Object.values(data as Record<string, { userErrors?: unknown[] } | null>)) {
    expect(payload?.userErrors ?? []).toEqual([]);
  }
  return data;
}

const ERRORS = 'userErrors { ... on UserError { code message field } }';

interface Money {
  minorUnits: number;
  currency: string;
}
interface Session {
  accessToken: string;
  refreshToken: string;
}
interface Cart {
  id: string;
  lines: { quantity: number; lineTotal: Money; variant: { id: string; product: { title: string } } }[];
  subtotal: Money;
}
interface Order {
  id: string;
  number: string;
  status: string;
  total: Money;
  payment: { status: string; amount: Money; refunded: Money };
  lines: { quantity: number; lineTotal: Money; variant: { id: string } }[];
  shippingAddress: { line1: string };
  history: { edges: { node: { from: string | null; to: string; reason: string | null } }[] };
}

const CART = `id lines { quantity lineTotal { minorUnits currency } variant { id product { title } } }
  subtotal { minorUnits currency }`;
const ORDER = `query ($id: ID!) { order(id: $id) {
  id number status total { minorUnits currency }
  payment { status amount { minorUnits currency } refunded { minorUnits currency } }
  lines { quantity lineTotal { minorUnits currency } variant { id } } shippingAddress { line1 }
  history { edges { node { from to reason } } }
} }`;
const orderNow = async (id: string) => (await ask<{ order: Order }>(ORDER, { id })).order;

/** Waits until the order and its payment are as they should be; both, as they are two rows. */
async function orderWhen(id: string, holds: (order: Order) => boolean): Promise<Order> {
  let order = await orderNow(id);
  await until(async () => {
    order = await orderNow(id);
    return holds(order);
  });
  return order;
}

/** What staff sees of the stock of a variant. */
async function stockOf(id: string) {
  const { data, errors } = await graph.ask<{
    node: { inventory: { onHand: number; reserved: number; available: number } };
  }>(
    'query ($id: ID!) { node(id: $id) { ... on ProductVariant { inventory { onHand reserved available } } } }',
    {
      variables: { id },
      viewer: 'staff',
    },
  );
  expect(errors).toBeUndefined();
  return data.node.inventory;
}

/** Something that can be bought. */
async function findVariant(): Promise<{ id: string; title: string; price: Money }> {
  const { products } = await ask<{
    products: {
      edges: {
        node: {
          title: string;
          variants: { edges: { node: { id: string; stockStatus: string; price: Money } }[] };
        };
      }[];
    };
  }>(`{ products(search: "jacket", first: 5, filter: { inStock: true }) { edges { node {
    title variants(first: 10) { edges { node { id stockStatus price { minorUnits currency } } } }
  } } } }`);
  const variants = products.edges.flatMap(({ node: { title, variants } }) =>
    variants.edges.map(({ node }) => ({ ...node, title })),
  );
  const found = variants.find(({ stockStatus }) => stockStatus === 'IN_STOCK');
  if (!found) throw new Error('no jacket is in stock');
  return found;
}

describe('a customer', () => {
  it('fills a cart, registers, buys, pays, cancels, gets the money back, and signs out', async () => {
    const variant = await findVariant();
    const before = await stockOf(variant.id);

    // Nobody is signed in yet; the token is the cart's.
    const { cartLineAdd } = await ask<{ cartLineAdd: { cart: Cart; cartToken: string } }>(
      `mutation ($id: ID!) { cartLineAdd(input: { variantId: $id, quantity: 2 }) { cartToken cart { ${CART} } ${ERRORS} } }`,
      { id: variant.id },
    );
    const { cartToken } = cartLineAdd;
    expect(cartLineAdd.cart.subtotal).toEqual({ ...variant.price, minorUnits: 2 * variant.price.minorUnits });
    const unsigned = await ask<{ cart: Cart }>(`query ($token: String) { cart(token: $token) { ${CART} } }`, {
      token: cartToken,
    });
    expect(unsigned.cart).toEqual(cartLineAdd.cart);

    const { userRegister } = await ask<{ userRegister: { session: Session } }>(
      `mutation ($email: String!, $password: String!) {
        userRegister(input: { email: $email, password: $password, displayName: "Grace" }) {
          session { accessToken refreshToken } ${ERRORS}
        }
      }`,
      { email: EMAIL, password: PASSWORD },
    );
    token = userRegister.session.accessToken;
    const { refreshToken } = userRegister.session;

    const { cartMerge } = await ask<{ cartMerge: { cart: Cart } }>(
      `mutation ($token: String!) { cartMerge(input: { cartToken: $token }) { cart { ${CART} } ${ERRORS} } }`,
      { token: cartToken },
    );
    expect(cartMerge.cart.lines).toEqual([
      {
        quantity: 2,
        lineTotal: cartLineAdd.cart.subtotal,
        variant: { id: variant.id, product: { title: variant.title } },
      },
    ]);
    const { addressCreate } = await ask<{ addressCreate: { address: { id: string } } }>(
      `mutation { addressCreate(input: { kind: SHIPPING, address: {
        recipient: "Grace", line1: "1 Harbour Street", city: "Springfield", postalCode: "12345", countryCode: "US"
      } }) { address { id } ${ERRORS} } }`,
    );

    const input = {
      idempotencyKey: 'the only purchase',
      shippingAddressId: addressCreate.address.id,
      expectedTotal: cartMerge.cart.subtotal,
      cartId: cartMerge.cart.id,
    };
    const place = async () =>
      (
        await ask<{ orderPlace: { order: { id: string; number: string } } }>(
          `mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id number } ${ERRORS} } }`,
          { input },
        )
      ).orderPlace.order;
    const placed = await place();
    expect(await place()).toEqual(placed);
    const { viewer } = await ask<{ viewer: { cart: Cart | null; orders: { totalCount: number } } }>(
      `{ viewer { cart { ${CART} } orders { totalCount } } }`,
    );
    expect(viewer).toEqual({ cart: null, orders: { totalCount: 1 } });

    const paid = await orderWhen(
      placed.id,
      ({ status, payment }) => status === 'PAID' && payment.status === 'SUCCEEDED',
    );
    expect(paid).toMatchObject({
      number: placed.number,
      total: cartMerge.cart.subtotal,
      payment: { amount: cartMerge.cart.subtotal, refunded: { minorUnits: 0 } },
      lines: [{ quantity: 2, lineTotal: cartMerge.cart.subtotal, variant: { id: variant.id } }],
      shippingAddress: { line1: '1 Harbour Street' },
    });
    expect(paid.history.edges.map(({ node }) => node)).toEqual([
      { from: null, to: 'PENDING_PAYMENT', reason: null },
      expect.objectContaining({ from: 'PENDING_PAYMENT', to: 'PAID' }),
    ]);
    // The first look at a payment that nobody told of is a minute after the order.
    await payments.idle();
    expect(payments.attempts).toEqual([{ eventId: payments.events[0]?.id, status: TAKEN }]);
    await until(async () => (await stockOf(variant.id)).onHand === before.onHand - 2);
    expect(await stockOf(variant.id)).toEqual({
      onHand: before.onHand - 2,
      reserved: before.reserved,
      available: before.available - 2,
    });

    await ask(
      `mutation ($id: ID!) { orderCancel(input: { id: $id, reason: "Too small" }) { order { status } ${ERRORS} } }`,
      { id: placed.id },
    );
    const cancelled = await orderWhen(
      placed.id,
      ({ payment }) => payment.refunded.minorUnits === payment.amount.minorUnits,
    );
    expect(cancelled.status).toBe('CANCELLED');
    expect(cancelled.history.edges.at(-1)?.node).toEqual({
      from: 'PAID',
      to: 'CANCELLED',
      reason: 'Too small',
    });
    expect([...payments.payments.values()].map(({ amount, refunded }) => [amount, refunded])).toEqual([
      [cartMerge.cart.subtotal.minorUnits, cartMerge.cart.subtotal.minorUnits],
    ]);
    await until(async () => (await stockOf(variant.id)).available === before.available);
    expect(await stockOf(variant.id)).toEqual(before);

    const { sessionRevoke } = await ask<{ sessionRevoke: { revokedCount: number } }>(
      `mutation { sessionRevoke(input: {}) { revokedCount ${ERRORS} } }`,
    );
    expect(sessionRevoke.revokedCount).toBe(1);
    const { data } = await graph.ask(
      `mutation ($token: String!) { sessionRefresh(input: { refreshToken: $token }) {
        session { accessToken } userErrors { ... on UserError { code } }
      } }`,
      { variables: { token: refreshToken } },
    );
    expect(data).toEqual({ sessionRefresh: { session: null, userErrors: [{ code: 'SESSION_EXPIRED' }] } });
  });
});

describe('the README', () => {
  /** The commands of a section, for the graph of this test. */
  function commandsOf(heading: string): string {
    const [, section = ''] =
      new RegExp(`^## ${heading}$(.*?)^## `, 'ms').exec(readFileSync(README, 'utf8')) ?? [];
    const commands = [...section.matchAll(/^```sh$(.*?)^```$/gms)].map(([, block = '']) => block).join('');
    const script = commands.replaceAll('http://127.0.0.1:4000/', `${graph.gateway.url}/`);
    expect(script).not.toBe(commands);
    return script;
  }

  it('has commands that do the same', async () => {
    const script = commandsOf('Sign in and buy');
    // Without the user's own settings: bash reads them, `-c` or not, when its input is a socket, as it is here.
    const { stdout, stderr } = await promisify(execFile)('bash', [
      '--norc',
      '-euo',
      'pipefail',
      '-c',
      script,
    ]);
    expect(stderr).toBe('');
    const [placed, seen, cancelled, ...more] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    const { number } = placed.data.orderPlace.order;
    expect(placed).toEqual({
      data: { orderPlace: { order: { number, status: 'PENDING_PAYMENT' }, userErrors: [] } },
    });
    expect(seen.data.viewer.orders.edges).toEqual([{ node: expect.objectContaining({ number }) }]);
    expect(cancelled).toEqual({
      data: { orderCancel: { order: { number, status: 'CANCELLED' }, userErrors: [] } },
    });
  });

  it('has a command that listens', async () => {
    const [article] = (await stockUp(graph, 1)) as [Article];
    const [buyer] = (await addBuyers(graph, [[{ variantId: article.id, quantity: 1 }]])) as [Buyer];
    await place(graph, buyer, article.price);
    const { authorization = '' } = await graph.authorizationOf(buyer.userId);
    const listening = spawn(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', `exec ${commandsOf('Listen').trim()}`],
      {
        env: { PATH: process.env.PATH, TOKEN: authorization.replace('Bearer ', '') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    for await (const chunk of listening.stdout) {
      output += chunk;
      if (/^data: .*\n/m.test(output)) break;
    }
    listening.kill();
    const [, data = ''] = /^event: next\ndata: (.*)$/m.exec(output) ?? [];
    expect(JSON.parse(data)).toEqual({
      data: {
        viewerOrdersChanged: {
          sequence: 1,
          to: 'PENDING_PAYMENT',
          order: {
            number: expect.any(String),
            customer: { displayName: 'Buyer' },
            lines: [{ variant: { product: { title: article.title } } }],
          },
        },
      },
    });
  });
});
