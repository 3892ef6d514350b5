import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { withClient } from '@tributary/database';
import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { createTestDatabase, openTcpProxy, type TestDatabase } from '@tributary/testing';
import { addJob, addJobs, type JobWorker, listJobs, retryJobs, runJobsOnce } from '../src/index.ts';
import { signal, startTestWorker, until } from './support.ts';

let database: TestDatabase;
let prisma: PrismaClient;
const workers: JobWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase('orders');
  prisma = new PrismaClient({ adapter: new PrismaPg(database.url) });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await withClient(database.url, (client) => client.query('DELETE FROM graphile_worker._private_jobs'));
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

async function work(
  ...options: Parameters<typeof startTestWorker> extends [string, ...infer Rest] ? Rest : never
) {
  const worker = await startTestWorker(database.url, ...options);
  workers.push(worker);
  return worker;
}

describe('a job', () => {
  it('is there when its transaction commits, and never was when it does not', async () => {
    const done: unknown[] = [];
    await work({ note: async (payload) => void done.push(payload) });
    await prisma.$transaction((transaction) =>
      addJobs(transaction, [
        { task: 'note', payload: { text: 'it’s "one"' } },
        { task: 'note', payload: { text: 'two' } },
      ]),
    );
    const failing = prisma.$transaction(async (transaction) => {
      await addJob(transaction, { task: 'note', payload: { text: 'never' } });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await addJob(prisma, { task: 'note', payload: { text: 'three' } });
    await until(async () => done.length >= 3 && (await listJobs(database.url)).length === 0);
    expect(done).toHaveLength(3);
    expect(done).toEqual(
      expect.arrayContaining([{ text: 'it’s "one"' }, { text: 'two' }, { text: 'three' }]),
    );
  });

  it('waits for its time, and gives way to a newer one with its key', async () => {
    const done: unknown[] = [];
    const later = new Date(Date.now() + 3_600_000); // an hour
    await addJob(prisma, { task: 'note', payload: { n: 1 }, key: 'once', runAt: later });
    await addJob(prisma, { task: 'note', payload: { n: 2 }, runAt: later });
    await addJob(prisma, { task: 'note', payload: { n: 3 }, key: 'once' });
    await runJobsOnce(database.url, { note: async (payload) => void done.push(payload) });
    expect(done).toEqual([{ n: 3 }]);
    expect(await listJobs(database.url)).toMatchObject([{ task: 'note', state: 'waiting', runAt: later }]);
  });

  it('is done once, however many workers there are', async () => {
    const done: unknown[] = [];
    const tasks = { note: async (payload: unknown) => void done.push((payload as { n: number }).n) };
    await Promise.all([work(tasks), work(tasks), work(tasks)]);
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    await addJobs(
      prisma,
      numbers.map((n) => ({ task: 'note', payload: { n } })),
    );
    await until(async () => done.length >= 100 && (await listJobs(database.url)).length === 0);
    expect(done.sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
  });
});

describe('a job that fails', () => {
  it('is listed with what the database said', async () => {
    await addJob(prisma, { task: 'charge', payload: {} });
    const charge = async () => void (await prisma.$queryRaw`SELECT 1 / 0`);
    await runJobsOnce(database.url, { charge });
    expect((await listJobs(database.url))[0]?.lastError).toContain('division by zero');
  });

  it('is tried again later, and is dead after its last try, until an operator has it tried again', async () => {
    const metrics = createMetrics('test');
    const tries: [number, boolean][] = [];
    let fails = true;
    await work(
      {
        charge: async (_payload, { attempt, lastAttempt }) => {
          tries.push([attempt, lastAttempt]);
          if (fails) throw new Error('the provider is away\nand more');
        },
      },
      { metrics },
    );
    await addJob(prisma, { task: 'charge', payload: {}, maxAttempts: 2 });
    await until(async () => (await listJobs(database.url))[0]?.state === 'retrying');
    const [waiting] = await listJobs(database.url);
    expect(waiting).toMatchObject({ attempts: 1, maxAttempts: 2, lastError: 'the provider is away' });
    expect(waiting?.runAt.getTime()).toBeGreaterThan(Date.now());
    await until(async () => (await listJobs(database.url))[0]?.state === 'dead');
    expect(tries).toEqual([
      [1, false],
      [2, true],
    ]);
    const text = await metrics.metrics();
    expect(text).toContain('jobs{task="charge",state="dead",service="test"} 1');
    expect(text).toContain('jobs_total{task="charge",outcome="failed",service="test"} 1');
    expect(text).toContain('jobs_total{task="charge",outcome="dead",service="test"} 1');

    fails = false;
    const id = String(waiting?.id);
    expect(await retryJobs(database.url, [id, '999999'])).toEqual([id]);
    await until(async () => (await listJobs(database.url)).length === 0);
    expect(tries).toHaveLength(3);
  });
});

describe('a worker that ends', () => {
  const startStuckWorker = async () => {
    const child = fork(fileURLToPath(new URL('./fixtures/stuck-worker.ts', import.meta.url)), {
      execArgv: ['--conditions=source', '--import', 'tsx'],
      env: { ...process.env, NODE_OPTIONS: '', QUEUE_URL: database.url },
    });
    const [id] = (await once(child, 'message')) as [string];
    return { child, id };
  };
  const heartbeat = { interval: 100, deadAfter: 1_000 }; // milliseconds

  it('by a crash leaves its job to the others; one that lives keeps it, however long it takes', async () => {
    const done: string[] = [];
    await addJobs(prisma, [
      { task: 'work', payload: {} },
      { task: 'work', payload: {} },
    ]);
    const [alive, killed] = [await startStuckWorker(), await startStuckWorker()];
    expect(alive.id).not.toBe(killed.id);
    try {
      await work({ work: async (_payload, { id }) => void done.push(id) }, { heartbeat });
      killed.child.kill('SIGKILL');
      await until(() => done.length > 0);
      expect(done).toEqual([killed.id]);
      expect(await listJobs(database.url)).toMatchObject([{ id: alive.id, state: 'running' }]);
    } finally {
      alive.child.kill('SIGKILL');
      await once(alive.child, 'exit');
    }
    await until(() => done.length === 2);
    expect(done).toEqual([killed.id, alive.id]);
  });

  it('by a stop ends its jobs first', async () => {
    const [started, end] = [signal(), signal()];
    let ended = false;
    const task = async () => {
      started.give();
      await end.given;
      ended = true;
    };
    // One at a time: another look for jobs, under way at the stop, may bring one that is then done as well.
    const worker = await work({ work: task }, { concurrency: 1 });
    await addJob(prisma, { task: 'work', payload: {} });
    await started.given;
    const stopped = worker.stop();
    await addJob(prisma, { task: 'work', payload: { later: true } });
    end.give();
    await stopped;
    expect(ended).toBe(true);
    expect(await listJobs(database.url)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });

  it('tells a job that takes too long to give up, and leaves it for later', async () => {
    const started = signal();
    const worker = await work(
      {
        work: async (_payload, { signal: given }) => {
          started.give();
          await new Promise((_resolve, reject) =>
            given.addEventListener('abort', () => reject(given.reason)),
          );
        },
      },
      { abortAfter: 50 },
    );
    await addJob(prisma, { task: 'work', payload: {} });
    await started.given;
    await worker.stop();
    expect(await listJobs(database.url)).toMatchObject([{ state: 'retrying' }]);
  });
});

it('the metrics tell how long the oldest job of a task is due that is not done', async () => {
  const metrics = createMetrics('test');
  const [started, end] = [signal(), signal()];
  await work(
    {
      running: async () => {
        started.give();
        await end.given;
      },
    },
    { metrics },
  );
  await withClient(database.url, (client) =>
    client.query(`SELECT graphile_worker.add_job(task, '{}', run_at => now() + shift, max_attempts => tries)
      FROM (VALUES ('waiting', interval '-1 hour', 3), ('waiting', '-2 hours', 3), ('later', '1 hour', 3), ('running', '-3 hours', 3))
      AS jobs(task, shift, tries)`),
  );
  await started.given;
  const text = await metrics.metrics();
  const ages = [...text.matchAll(/^job_oldest_due_seconds\{task="(\w+)".*\} (\d+)/gm)].map(
    ([, task, age]) => [task, Math.floor(Number(age) / 3_600)],
  );
  expect(Object.fromEntries(ages)).toEqual({ waiting: 2, later: 0, running: 3 });
  end.give();
});

it('a worker outlives its database', async () => {
  const proxy = await openTcpProxy(database.url);
  const done: unknown[] = [];
  const worker = await startTestWorker(proxy.url, { note: async (payload) => void done.push(payload) });
  await proxy.block();
  await addJob(prisma, { task: 'note', payload: { n: 1 } });
  await proxy.unblock();
  await until(() => done.length === 1);
  await worker.stop();
  await proxy.block();
});
