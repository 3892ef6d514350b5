import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { GATEWAY_FILES, type Ground, layGround } from '../support/ground.ts';
import { type HttpsClient, openHttpsClient } from '../support/https-client.ts';
import { metricOf } from '../support/metric.ts';
import { describeWithNginx, type Nginx, startNginx, twoBehindNginx } from '../support/nginx.ts';
import { type Article, advance, place, stockUp } from '../support/shopping.ts';
import { type ServiceName, type ServiceProcess, startProcess } from '../support/start-process.ts';
import { until } from '../support/until.ts';
import { listenByStream, listenByWebSocket, type ReturningListener } from './returning-listener.ts';
import { type Shopper, type Shoppers, startShopping } from './shoppers.ts';

const SUBGRAPHS = ['users', 'products', 'orders'] as const;
const SERVICES = ['gateway', ...SUBGRAPHS] as const;
const PATIENCE = 60_000; // 1 minute
const CLIENTS = 3;
const MINUTES = 300_000; // 5 minutes, for all processes to start on a busy machine

const STEPS =
  'subscription ($id: ID!) { step: orderStatusChanged(orderId: $id) { sequence to order { status } } }';
const STOCK = `subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) {
  sequence variant { inventory { onHand } }
} }`;
interface Step {
  step: { sequence: number; to: string };
}
interface Stock {
  stock: { sequence: number; variant: { inventory: { onHand: number } } };
}

/** Events go from one process to another by Redis. */
const describeBalanced = (name: string, tests: () => void) =>
  describeWithRedis(name, () => describeWithNginx('behind nginx', tests));

describeBalanced('two gateways and two of each subgraph, in processes of their own', () => {
  let ground: Ground;
  let redis: OwnRedis;
  let nginx: Nginx;
  let article: Article;
  let shoppers: Shopper[];
  let staff: Record<string, string>;
  /** Puts pieces into carts, and into the warehouse, as far as that was answered. */
  const books = { added: CLIENTS, adjusted: 0 };
  /** Pairs, by service. */
  const pairs = new Map<ServiceName, ServiceProcess[]>();
  let takeStep: (to: string, sequence: number) => Promise<void>;
  let stepListeners: ReturningListener<Step>[] = [];
  let stockListener: ReturningListener<Stock>;
  const clients: HttpsClient[] = [];

  beforeAll(async () => {
    [ground, redis] = [await layGround({ scale: 0.02 }), await startOwnRedis()];
    let ordered: Article;
    [article, ordered] = (await stockUp(ground, 2)) as [Article, Article];
    const line = [{ variantId: article.id, quantity: 1 }];
    const [customer, ...buyers] = (await addBuyers(ground, [
      [{ variantId: ordered.id, quantity: 1 }],
      ...Array.from({ length: CLIENTS }, () => line),
    ])) as [Buyer, ...Buyer[]];
    const places = {
      gateway: await twoBehindNginx(),
      users: await twoBehindNginx(),
      products: await twoBehindNginx(),
      orders: await twoBehindNginx(),
    };
    nginx = await startNginx(places);
    const addressOf = (name: (typeof SUBGRAPHS)[number], path: string) =>
      `http://127.0.0.1:${places[name].port}${path}`;
    const shared = {
      ...ground.env,
      REDIS_URL: redis.url,
      JOB_CONCURRENCY: '2',
      SUBGRAPH_URLS: SUBGRAPHS.map((name) => `${name}=${addressOf(name, '/graphql')}`).join(','),
      SHUTDOWN_DELAY_MS: '1000',
      SUBGRAPH_TIMEOUT_MS: '30000',
    };
    const env = {
      ...shared,
      SUPERGRAPH: GATEWAY_FILES.SUPERGRAPH,
      AUTH_JWKS_URL: addressOf('users', '/.well-known/jwks.json'),
      TRUST_PROXY: '1',
    };
    await Promise.all(
      SERVICES.map(async (name) => {
        const start = (port: number) =>
          startProcess(name, { ...(name === 'gateway' ? env : shared), PORT: String(port) });
        pairs.set(name, await Promise.all(places[name].ports.map(start)));
      }),
    );
    staff = await ground.authorization('staff');
    shoppers = await Promise.all(
      buyers.map(async ({ userId }) => {
        const client = await openHttpsClient(nginx.origin, nginx.ca);
        clients.push(client);
        return { client, headers: await ground.authorizationOf(userId) };
      }),
    );
    await listen(customer, ordered.price);
  }, MINUTES);
  afterAll(async () => {
    await Promise.all([...stepListeners, stockListener].map((listener) => listener?.stop()));
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([...pairs.values()].flat().map((one) => one.kill()));
    await nginx?.stop();
    await redis?.stop();
    await ground?.clear();
  });

  /** Has somebody order, and others listen: to the order in both ways, and to the stock. */
  async function listen(customer: Buyer, price: number): Promise<void> {
    const [{ client }] = shoppers as [Shopper];
    const asks = {
      authorizationOf: ground.authorizationOf,
      ask: async <Data>(
        query: string,
        {
          variables,
          headers,
          viewer = 'anonymous',
        }: Parameters<Parameters<typeof advance>[0]['ask']>[1] = {},
      ) =>
        client.send<Data>({
          query,
          variables,
          headers: { ...(await ground.authorization(viewer)), ...headers },
        }),
    };
    const id = await place(asks, customer, price);
    const door = { url: `${nginx.origin}/graphql`, ca: nginx.ca };
    const headers = await ground.authorizationOf(customer.userId);
    const steps = { ...door, headers, query: STEPS, variables: { id } };
    stepListeners = [1, 2].flatMap(() => [listenByWebSocket<Step>(steps), listenByStream<Step>(steps)]);
    stockListener = listenByWebSocket<Stock>({
      ...door,
      headers: staff,
      query: STOCK,
      variables: { ids: [article.globalId] },
    });
    const toldOf = (sequence: number) =>
      until(async () => stepListeners.every((one) => sequences(one).includes(sequence)), PATIENCE);
    takeStep = async (to, sequence) => {
      await advance(asks, id, to);
      await toldOf(sequence);
    };
    await toldOf(1);
    await until(async () => stockListener.told().length > 0, PATIENCE);
  }

  const sequences = (listener: ReturningListener<Step>) => listener.told().map(({ step }) => step.sequence);

  /** Requests of clients that one process has answered. */
  const served = (service: ServiceName, { adminUrl }: ServiceProcess) =>
    metricOf(
      adminUrl,
      `http_request_duration_seconds_count{service="${service}",method="${service === 'gateway' ? 'GET' : 'POST'}",route="/graphql",status="200"`,
    );

  const each = (place: number, work: (service: ServiceName, one: ServiceProcess) => Promise<void>) =>
    Promise.all([...pairs].map(([service, pair]) => work(service, pair[place] as ServiceProcess)));

  /** Starts one of each pair again, and waits until nginx sends it requests. */
  const startAgain = async (service: ServiceName, one: ServiceProcess) => {
    await one.restart();
    await until(async () => (await served(service, one)) > 0, PATIENCE);
  };

  /** Has all customers go on for a while. */
  const goOn = async ({ done }: Shoppers) => {
    const before = done.queries;
    await until(async () => done.queries >= before + 2 * CLIENTS, PATIENCE);
  };

  const whileShopping = async (options: { mayBreak: boolean }, work: (load: Shoppers) => Promise<void>) => {
    const load = startShopping(shoppers, article, staff, options);
    try {
      await work(load);
    } finally {
      await load.stop();
      books.added += load.done.added;
      books.adjusted += load.done.adjusted;
      if (load.failed.length > 0) load.failed.push(nginx.errors());
      expect(load.failed).toEqual([]);
    }
  };

  it('serve HTTP/2 over TLS, and nobody what is for operators', async () => {
    const [{ client }] = shoppers as [Shopper];
    expect(client.protocol).toBe('h2');
    const plain = await fetch(`${nginx.plainOrigin}/graphql?query=x`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([308, 'https://localhost/graphql?query=x']);
    for (const path of ['/metrics', '/invalidate', '/'])
      expect((await client.request({ ':path': path })).status).toBe(404);
    expect((await client.request({ ':path': '/health/ready' })).status).toBe(200);
    const large = await client.send({ query: `# ${'x'.repeat(200_000)}` });
    expect([large.status, large.errors?.[0]?.extensions?.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const id = 'my-own.id:1';
    const { headers } = await client.query({ query: '{ __typename }', headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toBe(id);
  });

  it(
    'die one after the other: no query fails, and listeners miss nothing',
    async () => {
      await whileShopping({ mayBreak: true }, async (load) => {
        const steps = new Map<ServiceName, string>([
          ['gateway', 'PAID'],
          ['orders', 'FULFILLED'],
        ]);
        let sequence = 1;
        for (const service of SERVICES) {
          await goOn(load);
          await pairs.get(service)?.[0]?.kill();
          const step = steps.get(service);
          if (step) await takeStep(step, ++sequence);
        }
        await goOn(load);
        await each(0, startAgain);
      });
    },
    MINUTES,
  );

  it(
    'are restarted one after the other: no request fails, or is done twice',
    async () => {
      await whileShopping({ mayBreak: false }, async (load) => {
        await each(1, async (service, one) => {
          expect(await one.end()).toBe(0);
          await startAgain(service, one);
        });
        await takeStep('DELIVERED', 4);
        await each(0, async (_service, one) => expect(await one.end()).toBe(0));
        await takeStep('REFUNDED', 5);
        await goOn(load);
      });
      const inCarts = await withClient(ground.databases.orders.url, (client) =>
        client.query('SELECT sum(quantity)::int AS n FROM cart_lines WHERE variant_id = $1', [article.id]),
      );
      expect(inCarts.rows[0].n).toBe(books.added);
      const { rows } = await withClient(ground.databases.products.url, (client) =>
        client.query('SELECT on_hand AS n FROM inventory WHERE variant_id = $1', [article.id]),
      );
      expect(rows[0].n).toBe(article.onHand + books.adjusted);

      for (const listener of stepListeners) {
        expect(listener.returns()).toBeGreaterThan(0);
        // Who comes back begins with the last step again.
        expect([...new Set(sequences(listener))]).toEqual([1, 2, 3, 4, 5]);
      }
      await until(
        async () => stockListener.told().at(-1)?.stock.variant.inventory.onHand === rows[0].n,
        PATIENCE,
      );
      const versions = stockListener.told().map(({ stock }) => stock.sequence);
      expect(versions).toEqual(versions.toSorted((one, other) => one - other));
    },
    MINUTES,
  );
});
