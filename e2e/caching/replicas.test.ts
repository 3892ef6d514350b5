import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  describeWithRedis,
  type OwnRedis,
  type ReplicatedPostgres,
  startOwnRedis,
  startReplicatedPostgres,
} from '@tributary/testing';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { changeOf, type Good, type GoodsAnswer, makeGoods, QUERIES, versionsIn } from './goods.ts';

const STARTING = 120_000; // 2 minutes for two servers of PostgreSQL and a graph, on a machine that has other work

let postgres: ReplicatedPostgres;
let redis: OwnRedis;
let graph: Graph;
let good: Good;

/** Statements of queries that the replica has answered for the products. */
async function readsOfReplica(): Promise<number> {
  const metric = await graph.subgraphs.products.metrics.getSingleMetric('db_reads_total')?.get();
  return (metric?.values ?? [])
    .filter(({ labels }) => labels.server !== 'primary')
    .reduce((sum, { value }) => sum + value, 0);
}

/** The title's version that somebody is shown, and by whom: `X-Cache`. */
async function read(
  query: keyof typeof QUERIES,
): Promise<{ version: number | undefined; from: string | null }> {
  const { data, errors, headers } = await graph.ask<GoodsAnswer>(QUERIES[query], {
    variables: { id: good.id, slug: good.slug },
  });
  expect(errors).toBeUndefined();
  const title = versionsIn(data).find(({ value }) => value === 'title');
  return { version: title?.version, from: headers.get('x-cache') };
}

async function change(version: number): Promise<void> {
  const { query, variables } = changeOf(good, 'title', version);
  expect((await graph.ask(query, { variables, viewer: 'staff' })).errors).toBeUndefined();
}

/** Asks until the answer is the kept one, and the replica had to read for one on the way. */
async function untilKeptFromReplica(): Promise<void> {
  const before = await readsOfReplica();
  await until(async () => (await read('byId')).from === 'hit' && (await readsOfReplica()) > before);
}

describeWithRedis('caches over a replica that lags behind', () => {
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startReplicatedPostgres(), startOwnRedis()]);
    graph = await startGraph({
      postgres: postgres.primary.url('postgres'),
      replica: postgres.replica.url('postgres'),
      redis: redis.url,
      // Longer than the test: a replica that is held up stays in the rotation.
      subgraphs: { DATABASE_REPLICA_MAX_LAG_MS: '60000' },
    });
    const { goods } = await makeGoods(graph, 1);
    good = goods[0] as Good;
    await change(1);
    await postgres.replica.caughtUp();
  }, STARTING);
  afterAll(async () => {
    await postgres?.replica.resume();
    await graph?.stop();
    await redis?.stop();
    await postgres?.stop();
  });

  it('keep nothing from before the eviction, whoever fills them', async () => {
    await untilKeptFromReplica();
    await postgres.replica.pause();
    await change(2);
    // What was kept goes; nobody has asked for it in the other two ways.
    await until(async () => (await read('byId')).version === 2);
    expect((await read('bySlug')).version).toBe(2);
    expect((await read('byNode')).version).toBe(2);
    await until(async () => (await read('byId')).from === 'hit');
    for (const way of ['byId', 'bySlug', 'byNode'] as const) expect((await read(way)).version).toBe(2);
  });
});
