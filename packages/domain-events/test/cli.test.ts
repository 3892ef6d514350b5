import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';

const CLI = fileURLToPath(new URL('../src/cli/events.ts', import.meta.url));
const databases: Record<string, TestDatabase> = {};

beforeAll(async () => {
  for (const name of ['users', 'products', 'orders']) databases[name] = await createTestDatabase(name);
  const [dead, retried] = [randomUUID(), randomUUID()];
  await withClient(String(databases.orders?.url), async (client) => {
    for (const about of [dead, dead, retried])
      await client.query(
        "INSERT INTO domain_events (type, entity, entity_id, data) VALUES ('order.paid.v1', 'order', $1, '{}')",
        [about],
      );
    await client.query(`
      INSERT INTO domain_event_refusals (id, refusals, reason, retry_at)
      VALUES (1, 10, 'too large', NULL), (3, 2, 'not allowed', '2100-01-01T00:00:00Z')`);
  });
});
afterAll(async () => {
  for (const database of Object.values(databases)) await database.drop();
});

/** @returns what was printed, and the exit code */
function events(...args: string[]): Promise<{ output: string; code: number }> {
  const urls = Object.entries(databases).map(([name, { url }]) => [
    `${name.toUpperCase()}_DATABASE_URL`,
    url,
  ]);
  const env = { PATH: process.env.PATH, ...Object.fromEntries(urls) };
  const node = ['--conditions=source', '--import', 'tsx', CLI, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, node, { env }, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, code: error ? Number(error.code) : 0 });
    });
  });
}

it('lists what is refused, has it tried again, and drops it', async () => {
  const { output } = await events('list');
  expect(output).toMatch(/orders:1 +│ order\.paid\.v1 +│ dead +│ 10 +│ +│ 1 +│ too large +│/);
  expect(output).toMatch(/orders:3 +│ order\.paid\.v1 +│ retrying +│ 2 +│ 2100\S+Z +│ 0 +│ not allowed +│/);
  expect(output).toContain('2 refused, 1 of them dead');
  expect(await events('retry', '--dead')).toEqual({ output: '1 to be tried again\n', code: 0 });
  expect(await events('drop', 'orders:3', 'orders:2')).toEqual({
    output: '1 dropped\norders:2: not there, sent, or never refused\n',
    code: 1,
  });
  expect(await events('list')).toEqual({ output: '0 refused, 0 of them dead\n', code: 0 });
});

it.each([
  [['drop'], 'drop: name events, such as orders:42; see --help'],
  [['drop', 'nowhere:1'], '"nowhere:1": name an event by its database and number'],
])('refuses %j in one line', async (args, message) => {
  const { output, code } = await events(...args);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(output.trim().split('\n')).toHaveLength(1);
});
