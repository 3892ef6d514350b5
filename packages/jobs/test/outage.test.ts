import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { withClient } from '@tributary/database';
import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { createTestDatabase, openTcpProxy, type TcpProxy, type TestDatabase } from '@tributary/testing';
import type { Client } from 'pg';
import { addJob, type JobWorker, listJobs, type Tasks } from '../src/index.ts';
import { signal, startTestWorker, until } from './support.ts';

const CUTS = 60;
const heartbeat = { interval: 100, deadAfter: 1_000 }; // milliseconds

let database: TestDatabase;
let prisma: PrismaClient;
let proxy: TcpProxy;
const workers: JobWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase('orders');
  prisma = new PrismaClient({ adapter: new PrismaPg(database.url) });
  proxy = await openTcpProxy(database.url);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await withClient(database.url, (client) => client.query('DELETE FROM graphile_worker._private_jobs'));
});
afterAll(async () => {
  await proxy?.block();
  await prisma?.$disconnect();
  await database?.drop();
});

/** A worker whose database is away while the proxy is blocked. */
async function work(
  ...[tasks, options]: Parameters<typeof startTestWorker> extends [string, ...infer Rest] ? Rest : never
) {
  const worker = await startTestWorker(proxy.url, tasks, { heartbeat, ...options });
  workers.push(worker);
  return worker;
}

const milliseconds = (n: number) => `interval '${n} milliseconds'`;

async function holdsBy(client: Client, condition: string): Promise<boolean> {
  const { rows } = await client.query<{ holds: boolean }>(`SELECT (SELECT ${condition}) AS holds`);
  return rows[0]?.holds === true;
}
const holds = (condition: string): Promise<boolean> =>
  withClient(database.url, (client) => holdsBy(client, condition));

const queueIsEmpty = async () => (await listJobs(database.url)).length === 0;

it('a worker goes on when the database was away as a job ended; that job is done again, and soon', async () => {
  const [started, end] = [signal(), signal()];
  const done: string[] = [];
  const tasks: Tasks = {
    work: async (_payload, { id }) => {
      started.give();
      await end.given;
      done.push(id);
    },
  };
  // By default, half a minute goes by until a worker is taken for dead.
  await work(tasks, { heartbeat: undefined });
  await addJob(prisma, { task: 'work', payload: {} });
  await started.given;
  await proxy.block();
  end.give();
  await until(() => done.length === 1);
  await addJob(prisma, { task: 'work', payload: {} });
  await proxy.unblock();
  await until(queueIsEmpty);
  const [first = ''] = done;
  expect(done.filter((id) => id === first)).toHaveLength(2);
  expect(done).toHaveLength(3);
});

it('a worker whose database takes connections and never answers says so, and does not start', async () => {
  proxy.inject({ kind: 'hole' });
  try {
    await expect(work({}, { connectWithin: 200 })).rejects.toThrow(
      /^PostgreSQL at .* did not answer within 200 ms$/,
    );
  } finally {
    proxy.inject(null);
  }
});

it('a worker goes on when the database was away as it looked for its first job', async () => {
  const done: unknown[] = [];
  const waiting = `datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'insert into%_private_tasks%'`;
  await withClient(database.url, async (client) => {
    // Its first look begins with the names of its tasks: let that wait, and the connection break meanwhile.
    await client.query('BEGIN');
    await client.query('LOCK TABLE graphile_worker._private_tasks IN SHARE MODE');
    await work({ look: async (payload) => void done.push(payload) });
    await until(() => holds(`count(*) > 0 FROM pg_stat_activity WHERE ${waiting}`));
    await proxy.block();
    await client.query('ROLLBACK');
  });
  await proxy.unblock();
  await addJob(prisma, { task: 'look', payload: { n: 1 } });
  await until(() => done.length === 1);
});

it('a worker stops while the database is away', async () => {
  const [started, end] = [signal(), signal()];
  const worker = await work({
    work: async () => {
      started.give();
      await end.given;
    },
  });
  await addJob(prisma, { task: 'work', payload: {} });
  await started.given;
  await proxy.block();
  const stopped = worker.stop();
  end.give();
  await stopped;
  await proxy.unblock();
});

it.each([
  ['refuses', () => proxy.block(), () => proxy.unblock()],
  ['does not answer', async () => proxy.inject({ kind: 'hole' }), async () => proxy.inject(null)],
])(
  'metrics are answered while the database %s, and those of jobs come back',
  async (_how, leave, comeBack) => {
    const metrics = createMetrics('test');
    // Nothing but the metrics uses the connection then.
    await work({}, { metrics, heartbeat: { interval: 60_000, deadAfter: 120_000 } });
    await addJob(prisma, { task: 'some', payload: {} });
    const sample = 'jobs{task="some",state="waiting",service="test"} 1';
    expect(await metrics.metrics()).toContain(sample);
    await leave();
    const text = await metrics.metrics();
    expect(text).toContain('# TYPE jobs gauge');
    expect(text).not.toContain(sample);
    await comeBack();
    await until(async () => (await metrics.metrics()).includes(sample));
  },
);

it('workers go on whose connections are cut again and again, also those of one that ends', async () => {
  const done = new Set<unknown>();
  const tasks = { work: async (payload: unknown) => void done.add((payload as { n: number }).n) };
  await Promise.all(Array.from({ length: 4 }, () => work(tasks)));
  const others = 'datname = current_database() AND pid <> pg_backend_pid()';
  await withClient(database.url, async (client) => {
    for (let n = 0; n < CUTS; n += 1) {
      await client.query(`SELECT graphile_worker.add_job('work', json_build_object('n', $1::int))`, [n]);
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
      await until(() => holdsBy(client, `count(*) > 0 FROM pg_stat_activity WHERE ${others}`));
    }
  });
  await until(queueIsEmpty);
  expect(done.size).toBe(CUTS);
});

it('a worker that lives keeps its job, also when nobody could say so for longer than makes it dead', async () => {
  const [started, end] = [signal(), signal()];
  const done: string[] = [];
  const deadAfter = 3_000; // milliseconds
  const owner = async () => {
    started.give();
    await end.given;
    done.push('its owner');
  };
  await work({ work: owner }, { heartbeat: { interval: 1_000, deadAfter } });
  await addJob(prisma, { task: 'work', payload: {} });
  await started.given;
  const looked = signal();
  const other = { work: async () => void done.push('another'), look: async () => looked.give() };
  await work(other, { heartbeat: { interval: 20, deadAfter } });
  // By then the other has been there for long enough to take jobs away.
  await until(() => holds(`locked_at < now() - 2 * ${milliseconds(deadAfter)} FROM graphile_worker.jobs`));
  const living = `count(*) FROM job_workers.heartbeats WHERE seen_at > now() - ${milliseconds(deadAfter)}`;
  await proxy.block();
  await until(() => holds(`0 = ${living}`));
  await proxy.unblock();
  await until(() => holds(`2 = ${living}`));
  // The other looks for jobs: would it find the older one, it would take that first.
  await addJob(prisma, { task: 'look', payload: {} });
  await looked.given;
  end.give();
  await until(queueIsEmpty);
  expect(done).toEqual(['its owner']);
});
