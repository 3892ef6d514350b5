import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { createTestDatabase, programArguments, type TestDatabase } from '@tributary/testing';
import { addJob, listJobs, runJobsOnce } from '../src/index.ts';

const CLI = fileURLToPath(new URL('../src/cli/jobs.ts', import.meta.url));
const databases: Record<string, TestDatabase> = {};
let prisma: PrismaClient;

beforeAll(async () => {
  for (const name of ['users', 'products', 'orders']) databases[name] = await createTestDatabase(name);
  prisma = new PrismaClient({ adapter: new PrismaPg(urlOf('orders')) });
  await addJob(prisma, { task: 'charge', payload: {}, maxAttempts: 1 });
  await addJob(prisma, { task: 'charge', payload: {}, maxAttempts: 3 });
  await addJob(prisma, { task: 'remind', payload: {}, runAt: new Date(Date.now() + 3_600_000) });
  const fail = () => Promise.reject(new Error('no route to the bank\nand more'));
  await runJobsOnce(urlOf('orders'), { charge: fail });
});
afterAll(async () => {
  await prisma?.$disconnect();
  for (const database of Object.values(databases)) await database.drop();
});

const urlOf = (name: string) => String(databases[name]?.url);

/** @returns what was printed, and the exit code */
function jobs(...args: string[]): Promise<{ output: string; code: number }> {
  const env = {
    PATH: process.env.PATH,
    ...Object.fromEntries(
      Object.keys(databases).map((name) => [`${name.toUpperCase()}_DATABASE_URL`, urlOf(name)]),
    ),
  };
  const node = [...programArguments(CLI), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, node, { env }, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, code: error ? Number(error.code) : 0 });
    });
  });
}

it('lists what has failed, and with --all what waits', async () => {
  const failed = await jobs('list');
  expect(failed).toMatchObject({ code: 0 });
  expect(failed.output).toMatch(/orders:1 +│ charge +│ dead +│ 1 of 1 +│ +│ no route to the bank +│/);
  expect(failed.output).toMatch(
    /orders:2 +│ charge +│ retrying +│ 1 of 3 +│ \d{4}-\S+Z +│ no route to the bank +│/,
  );
  expect(failed.output).toContain('3 not done, 1 of them dead');
  expect(failed.output).not.toContain('remind');
  expect((await jobs('list', '--all')).output).toMatch(/orders:3 +│ remind +│ waiting +│ 0 of 25/);
});

it('has dead jobs tried again, or those that are named', async () => {
  expect(await jobs('retry', '--dead')).toEqual({ output: '1 to be tried again\n', code: 0 });
  expect((await listJobs(urlOf('orders'))).map(({ state }) => state)).toEqual([
    'waiting',
    'retrying',
    'waiting',
  ]);
  const named = await jobs('retry', 'orders:2', 'users:7');
  expect(named).toEqual({ output: '1 to be tried again\nusers:7: not there, done, or running\n', code: 1 });
  expect((await listJobs(urlOf('orders')))[1]).toMatchObject({ state: 'waiting', attempts: 0 });
});

it.each([
  [[], 'say list or retry; see --help'],
  [['retry'], 'retry: name jobs, such as orders:42, or say --dead; see --help'],
  [['retry', '--dead', 'orders:1'], 'retry: name jobs'],
  [['retry', '42'], '"42": name a job by its database and number'],
  [['retry', 'nowhere:1'], 'databases are orders, products, users'],
])('refuses %j in one line', async (args, message) => {
  const { output, code } = await jobs(...args);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(output.trim().split('\n')).toHaveLength(1);
});

it('says how it is used', async () => {
  expect(await jobs('--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('Usage: npm run jobs'),
  });
});
