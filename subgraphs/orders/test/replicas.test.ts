import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, createLogger, StartupError } from '@tributary/platform';
import { toGlobalId } from '@tributary/subgraph-kit';
import {
  describeWithRedis,
  openTcpProxy,
  serviceHeaders,
  someViewer,
  type TestViewer,
} from '@tributary/testing';
import {
  cartLineId,
  customer,
  insertCarts,
  insertOrders,
  orderId,
  orderNumber,
  userId,
} from './support/fixtures.ts';
import { openReplicatedShop, type ReplicatedOrders, type ReplicatedShop } from './support/replicated-shop.ts';

/** Longer than any test: a replica that is held up stays in the rotation. */
const PATIENT = { DATABASE_REPLICA_MAX_LAG_MS: '60000' };
/** Half a second. */
const HASTY = { DATABASE_REPLICA_MAX_LAG_MS: '500' };

const STARTING = 120_000; // 2 minutes for two servers of PostgreSQL, on a machine that has other work

const STAFF = someViewer('STAFF');
const [WRITER, OTHER, THIRD] = [customer(1), customer(2), customer(3)];
const CITY = 'shippingAddress { city }';
const order = (n: number) => `order(id: "${toGlobalId('Order', orderId(n))}") { ${CITY} }`;

let shop: ReplicatedShop;
let here: ReplicatedOrders;
let elsewhere: ReplicatedOrders;

/** The place that an order is sent to, as a viewer sees it. */
async function cityOf(n: number, at: ReplicatedOrders, viewer: TestViewer = customer(n)): Promise<unknown> {
  const { data, errors } = await at.ask(viewer, `{ ${order(n)} }`);
  expect(errors).toBeUndefined();
  return (data.order as { shippingAddress: { city: string } }).shippingAddress.city;
}
/** Changes it past the service. */
const move = (n: number, city: string) =>
  shop.prisma.order.update({ where: { id: orderId(n) }, data: { shipToCity: city } });
/** Has the replica show what is there now, until it is resumed. */
async function hold(): Promise<void> {
  await shop.replica.resume();
  await shop.replica.caughtUp();
  await shop.replica.pause();
}
const quantities = async (viewer: TestViewer, at: ReplicatedOrders) => {
  const { data } = await at.ask(viewer, '{ cart { lines { quantity } } }');
  return (data.cart as { lines: { quantity: number }[] }).lines.map(({ quantity }) => quantity);
};
/** Reads until the replica has answered once more. */
async function untilItAnswers(at: ReplicatedOrders): Promise<void> {
  const before = await at.reads('replica');
  while ((await at.reads('replica')) === before) await cityOf(0, at);
}
const removeLine = (n: number) =>
  `mutation { cartLineRemove(input: { lineId: "${toGlobalId('CartLine', cartLineId(n))}" }) { userErrors { __typename } } }`;

describeWithRedis('orders with a read replica', () => {
  beforeAll(async () => {
    shop = await openReplicatedShop();
    await insertOrders(shop.prisma, 8);
    await insertCarts(shop.prisma, 8);
    await shop.replica.caughtUp();
    here = await shop.open(PATIENT);
    elsewhere = await shop.open(PATIENT);
    // With the first read it begins to be known who writes.
    await cityOf(1, here);
  }, STARTING);
  afterEach(() => shop?.replica.resume());
  afterAll(() => shop?.stop());

  it('reads for queries from the replica, which is asked to change nothing', async () => {
    const before = await here.reads('primary');
    const reference = `_entities(representations: [{ __typename: "User", id: "${toGlobalId('User', userId(1))}" }])`;
    const queries = [
      `{ ${order(1)} }`,
      `{ orderByNumber(number: "${orderNumber(1)}") { lines { title } payment { status } history { edges { node { to } } } } }`,
      '{ orders { totalCount edges { node { number } } } }',
      `{ ${reference} { ... on User { cart { lines { quantity } } orders { totalCount } } } }`,
      '{ cart { lines { quantity } } }',
    ];
    for (const query of queries) expect((await here.ask(STAFF, query)).errors).toBeUndefined();
    expect(await here.reads('replica')).toBeGreaterThan(queries.length);
    expect([(await here.reads('primary')) - before, await here.sentOn()]).toEqual([0, 0]);
    // What staff has read is written down, where it can be.
    expect(await shop.prisma.auditEntry.count({ where: { actorId: STAFF.userId } })).toBeGreaterThan(0);
  });

  it('shows a change at once to who made it, in every process, and later to others', async () => {
    await hold();
    expect(await quantities(WRITER, here)).toEqual([1, 2]);
    await here.ask(WRITER, removeLine(3));
    expect([await quantities(WRITER, here), await quantities(WRITER, elsewhere)]).toEqual([[2], [2]]);
    await move(2, 'Turin');
    expect(await cityOf(2, elsewhere)).toBe('London');
    await shop.replica.resume();
    await shop.replica.caughtUp();
    const before = await here.reads('primary');
    expect([await quantities(WRITER, here), await cityOf(2, elsewhere)]).toEqual([[2], 'Turin']);
    expect(await here.reads('primary')).toBe(before);
  });

  it('knows who wrote before signing in by their address', async () => {
    await hold();
    await move(3, 'Pisa');
    await here.ask(null, removeLine(0), '198.51.100.7');
    const see = async (address: string) =>
      JSON.stringify((await elsewhere.ask(THIRD, `{ ${order(3)} }`, address)).data);
    expect(await see('198.51.100.7')).toContain('Pisa');
    expect(await see('198.51.100.8')).toContain('London');
  });

  it('shows a cart to who has its token as it is', async () => {
    await hold();
    const tokenHash = createHash('sha256').update('a token').digest();
    await shop.prisma.cart.create({ data: { id: randomUUID(), tokenHash } });
    const { data } = await elsewhere.ask(null, '{ cart(token: "a token") { id } }', '192.0.2.1');
    expect(data.cart).not.toBeNull();
  });

  it('reads for services from the primary, and shows to all what a service was let change', async () => {
    await hold();
    await move(4, 'Bologna');
    expect(await cityOf(4, elsewhere)).toBe('London');
    const headers = { 'content-type': 'application/json', ...(await serviceHeaders('users', customer(4))) };
    const asService = async (query: string) =>
      (await fetch(here.subgraph.url, { method: 'POST', headers, body: JSON.stringify({ query }) })).text();
    expect(await asService(`{ ${order(4)} }`)).toContain('Bologna');
    await asService(removeLine(9));
    expect(await cityOf(4, elsewhere)).toBe('Bologna');
  });

  it('shows everybody what was evicted or told of before they ask', async () => {
    await hold();
    await move(5, 'Genoa');
    await here.ask(WRITER, removeLine(2));
    expect(await cityOf(5, elsewhere)).toBe('London');
    const jobs = () => shop.prisma.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n FROM graphile_worker.jobs`;
    expect(Number((await jobs())[0]?.n)).toBeGreaterThan(0);
    const worker = await shop.start({ ...PATIENT, JOB_CONCURRENCY: '1' });
    while (Number((await jobs())[0]?.n) > 0) await worker.ask(null, '{ __typename }');
    await worker.subgraph.close();
    expect(await cityOf(5, elsewhere)).toBe('Genoa');
  });

  it('shows everybody everything when Redis has lost who wrote', async () => {
    await hold();
    await move(6, 'Parma');
    expect(await cityOf(6, elsewhere)).toBe('London');
    const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const redis = connectRedis(shop.redisUrl, logger, { commandTimeout: 5_000 });
    if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
    for (const key of await redis.keys(`tributary:written:*${new URL(shop.replicaUrl).pathname}/*`))
      await redis.unlink(key);
    redis.disconnect();
    expect(await cityOf(6, elsewhere)).toBe('Parma');
  });

  it('reads from the primary while Redis is away, and answers changes', async () => {
    const redis = await openTcpProxy(shop.redisUrl);
    const lonely = await shop.open({ ...HASTY, REDIS_URL: redis.url });
    await redis.block();
    await hold();
    await move(7, 'Lucca');
    expect(await cityOf(7, lonely)).toBe('Lucca');
    expect((await lonely.ask(customer(7), removeLine(14))).errors).toBeUndefined();
    // By now nobody reads from a replica that does not have it.
    await lonely.untilRead(false);
    await lonely.subgraph.close();
  });

  it('leaves a replica alone that is behind, and takes it back', async () => {
    const hasty = await shop.open(HASTY);
    await hold();
    await move(0, 'Siena');
    await hasty.untilRead(false);
    expect(await cityOf(0, hasty)).toBe('Siena');
    const health = await fetch(new URL('/health/ready', hasty.subgraph.url));
    expect([health.status, await health.json()]).toEqual([
      200,
      { status: 'ok', checks: { database: 'ok', replicas: 'unavailable' } },
    ]);
    await shop.replica.resume();
    await untilItAnswers(hasty);
    await hasty.subgraph.close();
  });

  it('answers reads when a replica is killed, and takes it back', async () => {
    let running = true;
    const readers = [here, elsewhere].map(async (at) => {
      let answers = 0;
      for (; running; answers += 1) await cityOf(2, at, OTHER);
      return answers;
    });
    await shop.replica.restart({ mode: 'immediate', whileDown: () => here.untilRead(false) });
    await untilItAnswers(here);
    running = false;
    for (const answers of await Promise.all(readers)) expect(answers).toBeGreaterThan(0);
  });

  it('asks elsewhere when a replica is silent', async () => {
    const way = await openTcpProxy(shop.replicaUrl);
    const far = await shop.open({ ...PATIENT, ORDERS_DATABASE_REPLICA_URLS: way.url });
    await cityOf(2, far);
    way.inject({ kind: 'hole' });
    expect(await cityOf(2, far)).toBe('Turin');
    expect(await far.sentOn()).toBeGreaterThan(0);
    await far.subgraph.close();
    await way.block();
  });

  it('reads from nothing that is not its database’s replica', async () => {
    const urls = `${shop.primary.url(new URL(shop.replicaUrl).pathname.slice(1))},${shop.replicaUrl}`;
    const misled = await shop.open({ ...PATIENT, ORDERS_DATABASE_REPLICA_URLS: urls });
    const before = await misled.reads('replica');
    for (let n = 0; n < 4; n += 1) await cityOf(2, misled);
    expect([(await misled.reads('replica')) - before, await misled.reads('primary')]).toEqual([4, 0]);
    const rotation = await misled.subgraph.metrics.getSingleMetric('db_replica_in_rotation')?.get();
    expect(rotation?.values.map(({ labels, value }) => [labels.replica, value])).toEqual([
      [`127.0.0.1:${shop.primary.port}`, 0],
      [`127.0.0.1:${shop.replica.port}`, 1],
    ]);
    await misled.subgraph.close();
  });

  it('does not start without a Redis, or with addresses that are none', async () => {
    await expect(shop.open({ REDIS_URL: '' })).rejects.toThrow(
      new StartupError(
        'ORDERS_DATABASE_REPLICA_URLS: needs REDIS_URL, by which processes know who has just written',
      ),
    );
    const wrong = {
      ORDERS_DATABASE_REPLICA_URLS: `mysql://u:secret@h/x,${shop.replicaUrl},${shop.replicaUrl}`,
    };
    await expect(shop.open({ ...wrong, DATABASE_REPLICA_MAX_LAG_MS: '1' })).rejects.toThrow(
      /DATABASE_REPLICA_MAX_LAG_MS: [^;]+; ORDERS_DATABASE_REPLICA_URLS: address 1 must be a postgresql:\/\/ address of a database; ORDERS_DATABASE_REPLICA_URLS: address 3 is there twice$/,
    );
  });
});
