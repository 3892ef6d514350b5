import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createTestDatabase, describeWithRedis, type TestDatabase } from '@tributary/testing';
import type { BrokerUnderTest } from './support/broker-under-test.ts';
import { startRedis } from './support/redis-under-test.ts';
import { brokerAt, startTestRelay } from './support/relay.ts';
import { countIn, insertVariants, isOn, waiting } from './support/stock-changes.ts';
import { until } from './support/until.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/relay-that-dies.ts', import.meta.url));

describeWithRedis('a process that is killed when the broker has the events', () => {
  let database: TestDatabase;
  let broker: BrokerUnderTest;
  beforeAll(async () => {
    database = await createTestDatabase('products');
    broker = await startRedis();
  });
  afterAll(async () => {
    await broker?.stop();
    await database?.drop();
  });

  it('loses none: the next one sends them again, with the same ids', async () => {
    const { url } = database;
    const variantIds = await insertVariants(url, 3);
    const dying = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', FIXTURE, url, broker.setting],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const end = once(dying, 'exit');
    await until(() => isOn(url));
    await withClient(url, async (client) => {
      await client.query('BEGIN');
      await countIn(client, variantIds);
      await client.query('COMMIT');
    });
    expect(await end).toEqual([null, 'SIGKILL']);
    expect(await waiting(url)).toBe(3);

    const relay = startTestRelay({ databaseUrl: url, openBroker: brokerAt(broker.setting) });
    await until(async () => (await waiting(url)) === 0);
    await relay.stop();
    const ids = (await broker.received()).map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(3);
  });
});
