import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { graphql } from '@tributary/testing';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { metricOf } from '../support/metric.ts';
import { describeWithNginx, type Nginx, startNginx, twoBehindNginx } from '../support/nginx.ts';
import { type Article, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph, textOf } from '../support/start-graph.ts';
import { type ServiceProcess, startProcess } from '../support/start-process.ts';
import { until } from '../support/until.ts';

const SUBGRAPHS = ['users', 'products', 'orders'] as const;
const SERVICES = ['gateway', ...SUBGRAPHS] as const;
const PATIENCE = 60_000; // 1 minute: nginx takes turns, so it is over soon
const CLIENTS = 6; // each with one request at a time

/** Goes from users to orders, and from there to products. */
const CART = '{ viewer { id cart { lines { quantity variant { sku } } } } }';
const ADD =
  'mutation ($variantId: ID!) { cartLineAdd(input: { variantId: $variantId }) { userErrors { __typename } } }';
const ADJUST =
  'mutation ($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) { userErrors { __typename } } }';

describeWithNginx('two gateways and two of each subgraph, in processes of their own behind nginx', () => {
  let graph: Graph;
  let nginx: Nginx;
  let endpoint: string;
  let article: Article;
  let buyers: Buyer[];
  /** Pairs, by service. */
  const pairs = new Map<string, ServiceProcess[]>();

  beforeAll(async () => {
    // For its databases and tokens; its own services are asked nothing.
    graph = await startGraph({ jobs: false, scale: 0.02 });
    [article] = (await stockUp(graph, 1)) as [Article];
    buyers = await addBuyers(
      graph,
      Array.from({ length: CLIENTS }, () => [{ variantId: article.id, quantity: 1 }]),
    );
    const places = {
      gateway: await twoBehindNginx(),
      users: await twoBehindNginx(),
      products: await twoBehindNginx(),
      orders: await twoBehindNginx(),
    };
    nginx = await startNginx(places);
    endpoint = `http://127.0.0.1:${places.gateway.port}/graphql`;
    const urls = new Map(SUBGRAPHS.map((name) => [name, `http://127.0.0.1:${places[name].port}/graphql`]));
    const shared = { SUBGRAPH_URLS: textOf(urls), SHUTDOWN_DELAY_MS: '2000', SUBGRAPH_TIMEOUT_MS: '30000' };
    const { subgraphs, gateway } = graph.settings;
    await Promise.all(
      SERVICES.map(async (name) => {
        const env =
          name === 'gateway'
            ? {
                ...gateway,
                GATEWAY_CONFIG: undefined,
                AUTH_JWKS_URL: new URL('/.well-known/jwks.json', urls.get('users')).href,
              }
            : { ...subgraphs, CACHE_INVALIDATION_URL: undefined };
        const start = (port: number) => startProcess(name, { ...env, ...shared, PORT: String(port) });
        pairs.set(name, await Promise.all(places[name].ports.map(start)));
      }),
    );
  }, 180_000);
  afterAll(async () => {
    await Promise.all([...pairs.values()].flat().map((one) => one.kill()));
    await nginx?.stop();
    await graph?.stop();
  });

  /** Requests of clients that one process has answered. */
  const served = (service: string, { adminUrl }: ServiceProcess) =>
    metricOf(
      adminUrl,
      `http_request_duration_seconds_count{service="${service}",method="POST",route="/graphql",status="200"`,
    );

  /** Restarts one of each pair, and waits until nginx sends it requests. */
  const restart = (place: number) =>
    Promise.all(
      [...pairs].map(async ([service, pair]) => {
        const one = pair[place] as ServiceProcess;
        expect(await one.end()).toBe(0);
        await one.restart();
        await until(async () => (await served(service, one)) > 0, PATIENCE);
      }),
    );

  it('are restarted one after the other, and no request fails, or is done twice', async () => {
    const failed: unknown[] = [];
    const done = { queries: 0, adjusted: 0, added: CLIENTS };
    let isOver = false;
    const ask = async (query: string, variables: object, headers: Record<string, string>) => {
      const answer = await graphql<Record<string, { userErrors?: object[] } | null>>(endpoint, {
        query,
        variables: variables as Record<string, unknown>,
        headers,
      }).catch((error: unknown) => ({ status: 0, data: null, errors: String(error) }));
      const root = Object.values(answer.data ?? {})[0];
      const isRight = answer.status === 200 && !answer.errors && root && !root.userErrors?.length;
      if (!isRight) failed.push(answer);
      return isRight;
    };
    const staff = await graph.authorization('staff');
    const shop = async ({ userId }: Buyer) => {
      const headers = await graph.authorizationOf(userId);
      while (!isOver) {
        if (await ask(CART, {}, headers)) done.queries += 1;
        if (await ask(ADD, { variantId: article.globalId }, headers)) done.added += 1;
        const input = {
          variantId: article.globalId,
          delta: 1,
          reason: 'counted',
          idempotencyKey: randomUUID(),
        };
        if (await ask(ADJUST, { input }, staff)) done.adjusted += 1;
      }
    };
    const load = Promise.all(buyers.map(shop));
    try {
      await restart(0);
      await restart(1);
    } finally {
      isOver = true;
      await load;
      if (failed.length > 0) failed.push(nginx.errors());
      expect(failed).toEqual([]);
    }
    expect(done.queries).toBeGreaterThan(CLIENTS);
    const [pieces, inCarts] = [
      await withClient(graph.databases.products.url, (client) =>
        client.query('SELECT on_hand AS n FROM inventory WHERE variant_id = $1', [article.id]),
      ),
      await withClient(graph.databases.orders.url, (client) =>
        client.query(
          `SELECT sum(l.quantity)::int AS n FROM cart_lines l JOIN carts c ON c.id = l.cart_id
           WHERE c.user_id = ANY ($1)`,
          [buyers.map(({ userId }) => userId)],
        ),
      ),
    ];
    expect([pieces.rows[0].n, inCarts.rows[0].n]).toEqual([article.onHand + done.adjusted, done.added]);
  }, 180_000);
});
