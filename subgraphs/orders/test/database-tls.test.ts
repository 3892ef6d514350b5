import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type EmbeddedPostgres,
  migrate,
  REPOSITORY,
  startTemporaryPostgres,
  withClient,
} from '@tributary/database';
import { StartupError } from '@tributary/platform';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import { createCertificate, graphql, identityHeaders, someViewer, TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { startOrders } from '../src/start.ts';
import { until } from './support/until.ts';
import { askMortally, ORDERS, waitingFor, whileLocked } from './support/waiting.ts';

const schemaDir = join(REPOSITORY, 'prisma/orders');
const setting = 'ORDERS_DATABASE_URL';

let folder: string;
let server: EmbeddedPostgres;
let orders: RunningSubgraph;
/** Of the database, with TLS and who is trusted. */
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-postgres-tls-'));
  const { cert, key } = createCertificate();
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, cert);
  server = await startTemporaryPostgres();
  await withClient(server.url('postgres'), async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const data = rows[0]?.data_directory ?? '';
    const { uid, gid } = await stat(data);
    await writeFile(join(data, 'server.crt'), cert);
    await writeFile(join(data, 'server.key'), key, { mode: 0o600 });
    await chown(join(data, 'server.key'), uid, gid);
    await client.query('ALTER SYSTEM SET ssl = on');
    await client.query('SELECT pg_reload_conf()');
  });
  url = withTls({ sslmode: 'verify-full', sslrootcert: ca });
  await until(() =>
    withClient(url, async () => true).catch((error: { code?: string; message: string }) => {
      if (/does not support SSL/.test(error.message)) return false;
      return error.code === '3D000'; // there is no such database yet
    }),
  );
  await migrate({ url, schemaDir, setting });
  orders = await startOrders(readSettings({ ...settings, [setting]: url }));
});
afterAll(async () => {
  await orders?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const settings = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  PORT: '0',
  ADMIN_PORT: '0',
  INTERNAL_SECRET: TEST_SECRET,
};

/** The address of the database with parameters for TLS. */
function withTls(parameters: Record<string, string>): string {
  const address = new URL(server.url('orders'));
  address.hostname = 'localhost';
  address.search = String(new URLSearchParams(parameters));
  return address.href;
}

it('carries statements, jobs and what cancels them', async () => {
  const headers = await identityHeaders(someViewer('STAFF'));
  expect((await graphql(orders.url, { query: ORDERS, headers })).errors).toBeUndefined();
  await whileLocked(url, async () => {
    const client = await askMortally(orders.url);
    await until(async () => (await waitingFor(url)) === 1);
    expect(await client.leave()).toBe('gone');
    await until(async () => (await waitingFor(url)) === 0);
  });
  const { rows } = await withClient(url, (client) =>
    client.query(
      `SELECT count(*)::int, bool_and(ssl) AS ssl, bool_or(query LIKE '%LISTEN%') AS jobs
       FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = current_database()`,
    ),
  );
  expect(rows).toEqual([{ count: expect.any(Number), ssl: true, jobs: true }]);
  expect(rows[0].count).toBeGreaterThan(3);
});

it('is not spoken with who cannot be trusted', async () => {
  const untrusted = migrate({ url: withTls({ sslmode: 'verify-full' }), schemaDir, setting });
  await expect(untrusted).rejects.toThrow(StartupError);
  await expect(untrusted).rejects.toThrow(/^ORDERS_DATABASE_URL: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
});

it('needs the files that the address names', () => {
  const missing = withTls({ sslmode: 'verify-full', sslrootcert: '/nowhere/ca.pem' });
  expect(() => readSettings({ ...settings, [setting]: missing })).toThrow(
    new StartupError(`${setting}: sslrootcert: /nowhere/ca.pem cannot be read`),
  );
});
