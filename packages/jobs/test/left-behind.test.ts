import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPool as openAny, withClient } from '@tributary/database';
import { createLogger } from '@tributary/platform';
import { createTestDatabase, openTcpProxy, type TcpProxy, type TestDatabase } from '@tributary/testing';
import type pg from 'pg';
import { listJobs } from '../src/index.ts';
import { keepRunning } from '../src/worker/keep-running.ts';
import { workerLogger } from '../src/worker/worker-logger.ts';
import { signal, until } from './support.ts';

let database: TestDatabase;
let proxy: TcpProxy;

beforeAll(async () => {
  database = await createTestDatabase('orders');
  proxy = await openTcpProxy(database.url);
});
afterAll(async () => {
  await proxy?.block();
  await database?.drop();
});

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const SETTINGS = {
  endWithin: 100, // milliseconds
  concurrency: 1,
  noHandleSignals: true,
  logger: workerLogger(logger),
  preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
};

const openPool = (url: string): pg.Pool => openAny({ url, max: 4, name: 'test' });

/** A pool that never ends: one of its connections is not given back. */
async function poolWithoutEnd(): Promise<pg.Pool> {
  const pool = openPool(database.url);
  await pool.connect();
  return pool;
}

it('a worker that breaks down and never ends is left behind, and its job is done by the next', async () => {
  const [started, end] = [signal(), signal()];
  let done = 0;
  const first = openPool(proxy.url);
  const held = await first.connect();
  const pools = [first];
  const runner = await keepRunning(
    {
      openPool: () => pools.pop() ?? openPool(proxy.url),
      unlock: (ids) =>
        withClient(database.url, async (client) => {
          await client.query('SELECT graphile_worker.force_unlock_workers($1)', [ids]);
        }),
      ...SETTINGS,
      taskList: {
        work: async () => {
          started.give();
          await end.given;
          done += 1;
        },
      },
    },
    logger,
  );
  const poolsBefore = [...runner.poolIds];
  await withClient(database.url, (client) => client.query(`SELECT graphile_worker.add_job('work')`));
  await started.given;
  // It cannot note that the job is done, and shuts down.
  await proxy.block();
  end.give();
  await until(() => done === 1);
  await proxy.unblock();
  await until(async () => (await listJobs(database.url)).length === 0);
  expect(done).toBe(2);
  expect([...runner.poolIds].filter((id) => poolsBefore.includes(id))).toEqual([]);
  await runner.stop();
  held.release(true);
});

it('a worker that does not end when it is stopped is not waited for', async () => {
  const pool = await poolWithoutEnd();
  const stuck = await keepRunning(
    {
      openPool: () => pool,
      unlock: async () => undefined,
      ...SETTINGS,
      taskList: {},
    },
    logger,
  );
  await stuck.stop();
});
