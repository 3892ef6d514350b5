import { withClient } from '@tributary/database';
import { customerToken, type Keys } from '../../federation/keys.ts';
import type { Shop } from '../../federation/shop.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { CROSSING, OTHER_LINKS, PRODUCT_PAGE } from './operations.ts';

/** Many clients at once, for throughput, and one alone, for latency without a queue. */
const CONNECTIONS = [64, 1] as const;

const LAST_ORDERS = 5;
const MOST = 2_000; // requests of a scenario that differ from each other

/** Signed-in customers look at their last orders; each request is another customer's. */
export async function crossing({ urls }: Shop, keys: Keys): Promise<Scenario> {
  // Shuffled the same way each time, so that neighbours have nothing in common.
  const customers = await column(
    urls.orders,
    'SELECT user_id::text AS value FROM orders GROUP BY user_id ORDER BY md5(user_id::text)',
  );
  const requests = customers.map(async (userId) => ({
    query: CROSSING,
    variables: { first: LAST_ORDERS },
    token: await customerToken(userId, keys),
  }));
  return {
    name: 'crossing',
    requests: await Promise.all(requests),
    isFull: (data) => /"lines":\[\{.*"variant":\{.*"product":\{.*"category":\{/.test(JSON.stringify(data)),
    connections: CONNECTIONS,
  };
}

/** Anybody looks at products; each request is for another one. */
export async function productPage({ urls }: Shop): Promise<Scenario> {
  const slugs = await column(
    urls.products,
    "SELECT slug AS value FROM products WHERE status = 'ACTIVE' ORDER BY md5(slug)",
  );
  return {
    name: 'product page',
    requests: slugs.map((slug) => ({ query: PRODUCT_PAGE, variables: { slug }, token: null })),
    isFull: (data) => /"category":\{.*"edges":\[\{.*"stockStatus":/.test(JSON.stringify(data)),
    connections: CONNECTIONS,
  };
}

/** Customers with something in their carts look at those and at how their orders went; only compared, never timed. */
export async function otherLinks({ urls }: Shop, keys: Keys): Promise<Scenario> {
  const customers = await column(
    urls.orders,
    `SELECT c.user_id::text AS value FROM carts c
     WHERE EXISTS (SELECT FROM cart_lines l WHERE l.cart_id = c.id) ORDER BY md5(c.user_id::text)`,
  );
  const requests = customers.map(async (userId) => ({
    query: OTHER_LINKS,
    variables: {},
    token: await customerToken(userId, keys),
  }));
  return {
    name: 'other links',
    requests: await Promise.all(requests),
    isFull: (data) => /"cart":\{.*"variant":\{.*"subtotal":/.test(JSON.stringify(data)),
    connections: [],
  };
}

async function column(url: string, statement: string): Promise<string[]> {
  const { rows } = await withClient(url, (client) => client.query(`${statement} LIMIT ${MOST}`));
  return rows.map(({ value }: { value: string }) => value);
}
