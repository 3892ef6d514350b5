import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, REPOSITORY, withClient } from '@tributary/database';
import { createCallerSigner, IDENTITY_HEADER, StartupError } from '@tributary/platform';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import { createTestDatabase, graphql, TEST_SECRET, type TestDatabase } from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { startOrders } from '../src/start.ts';

const SETTING = 'ORDERS_DATABASE_URL';
const schemaDir = join(REPOSITORY, 'prisma/orders');

let database: TestDatabase;
let running: RunningSubgraph | undefined;
beforeAll(async () => {
  database = await createTestDatabase('orders');
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => database?.drop());

const migrateIn = (region?: string) => migrate({ url: database.url, schemaDir, setting: SETTING, region });
const setRegion = (region: string | null) =>
  withClient(database.url, (client) =>
    region === null
      ? client.query('DROP SCHEMA IF EXISTS residency CASCADE')
      : client.query('UPDATE residency.region SET name = $1', [region]),
  );
const start = async (region?: string, url = database.url) => {
  running = await startOrders(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      JOB_CONCURRENCY: '0',
      INTERNAL_SECRET: TEST_SECRET,
      [SETTING]: url,
      ...(region !== undefined && { DATA_REGION: region }),
    }),
  );
  return running;
};
/** What a gateway of a region is answered. */
const askedFrom = async (region: string | undefined, { url }: RunningSubgraph) => {
  const caller = { identity: null, service: null, clientAddress: null };
  const headers = { [IDENTITY_HEADER]: await createCallerSigner(TEST_SECRET, region)(caller) };
  const { status, errors } = await graphql(url, { query: '{ __typename }', headers });
  return [status, errors?.map(({ extensions }) => extensions?.code)];
};

describe('a database', () => {
  it('is of the region of whoever migrates it first, and refuses others before anything is changed', async () => {
    await setRegion(null);
    const outcomes = await Promise.allSettled([migrateIn('ca'), migrateIn('eu')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await setRegion('ca');
    await migrateIn('ca');
    await migrateIn();
    await withClient(database.url, (client) => client.query('DROP SCHEMA job_workers CASCADE'));
    await expect(migrateIn('eu')).rejects.toThrow(
      new StartupError(`DATA_REGION: is "eu", and the database of ${SETTING} is of "ca"`),
    );
    const { rowCount } = await withClient(database.url, (client) =>
      client.query("SELECT FROM pg_namespace WHERE nspname = 'job_workers'"),
    );
    expect(rowCount).toBe(0);
    await migrateIn('ca');
  });

  it('of another region, of none, or out of reach keeps a service from starting', async () => {
    await setRegion(null);
    await expect(start('ca')).rejects.toThrow(
      `DATA_REGION: is "ca", and the database of ${SETTING} is of no region yet; npm run db:migrate`,
    );
    await migrateIn('ca');
    await expect(start('eu')).rejects.toThrow(
      new StartupError(`DATA_REGION: is "eu", and the database of ${SETTING} is of "ca"`),
    );
    await expect(start('ca', 'postgresql://nobody:planted@127.0.0.1:1/none')).rejects.toThrow(
      /^ORDERS_DATABASE_URL: PostgreSQL at 127\.0\.0\.1:1 cannot be reached(?!.*planted)/,
    );
    await start();
  });
});

describe('a service of a region', () => {
  it('answers gateways and services of that region, and those that say none', async () => {
    await migrateIn('ca');
    const service = await start('ca');
    expect(await askedFrom('ca', service)).toEqual([200, undefined]);
    expect(await askedFrom(undefined, service)).toEqual([200, undefined]);
    expect(await askedFrom('eu', service)).toEqual([403, ['OTHER_REGION']]);
  });

  it('says it on each line of its log', async () => {
    await migrateIn('ca');
    expect((await start('ca')).logger.bindings()).toMatchObject({ name: 'orders', dataRegion: 'ca' });
  });

  it.each(['CA', 'e u', '', '-eu', 'x'.repeat(33)])('cannot be called %j', (name) => {
    const read = () => readSettings({ [SETTING]: database.url, DATA_REGION: name });
    if (name === '') expect(read().DATA_REGION).toBeUndefined();
    else expect(read).toThrow(/^DATA_REGION: must be small letters/);
  });
});
