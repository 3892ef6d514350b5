import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createMetrics } from '@tributary/platform';
import { createTestDatabase, openTcpProxy, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
import type { Relay, RelayOptions } from '../src/relay/start-relay.ts';
import { type MemoryBroker, memoryBroker } from './support/memory-broker.ts';
import { startTestRelay } from './support/relay.ts';
import { changeStock, countIn, insertVariants, isOn, stockOf, waiting } from './support/stock-changes.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
let broker: MemoryBroker;
const relays: Relay[] = [];

beforeEach(async () => {
  database = await createTestDatabase('products');
  broker = memoryBroker();
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await database?.drop();
});

async function relay(options: Partial<RelayOptions> = {}): Promise<Relay> {
  const started = startTestRelay({ databaseUrl: database.url, openBroker: broker.open, ...options });
  relays.push(started);
  await until(() => isOn(database.url));
  return started;
}

const isEmpty = async () => (await waiting(database.url)) === 0;
const pieces = () => broker.events.map(({ data }) => (data as { onHand: number }).onHand);
const count = (variantId = '') => withClient(database.url, (client) => countIn(client, [variantId]));

it('nothing is written down until somebody wants events', async () => {
  const [variantId = ''] = await insertVariants(database.url, 1);
  await count(variantId);
  expect(await waiting(database.url)).toBe(0);
  await relay();
  await count(variantId);
  await until(isEmpty);
  expect(pieces()).toEqual([2]);
});

it('an event is a CloudEvent with what it is about, its place among the others of that, and its data', async () => {
  const [variantId = ''] = await insertVariants(database.url, 1);
  await relay({ region: 'ca' });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await withClient(database.url, async (client) => {
    await client.query('BEGIN');
    await client.query("SELECT set_config('tributary.traceparent', $1, true)", [traceparent]);
    await countIn(client, [variantId]);
    await client.query('COMMIT');
    await countIn(client, [variantId]);
  });
  await until(isEmpty);
  const [first, second] = broker.events;
  expect(first).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: 'urn:tributary:products',
    type: 'com.tributary.stock.changed.v1',
    subject: variantId,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    datacontenttype: 'application/json',
    dataschema: 'urn:tributary:schema:stock.changed.v1',
    partitionkey: `stock:${variantId}`,
    sequence: expect.stringMatching(/^\d{19}$/),
    traceparent,
    dataregion: 'ca',
    data: { variantId, onHand: 1, reserved: 0, before: { onHand: 0, reserved: 0 } },
  });
  expect(second).not.toHaveProperty('traceparent');
  expect((second?.sequence ?? '') > (first?.sequence ?? '')).toBe(true);
});

it('one whose transaction ends late is sent, though one that began later was sent before', async () => {
  const [slow = '', quick = ''] = await insertVariants(database.url, 2);
  await relay();
  await withClient(database.url, async (client) => {
    await client.query('BEGIN');
    await countIn(client, [slow]);
    await count(quick);
    await until(() => broker.events.length === 1);
    await client.query('COMMIT');
  });
  await until(() => broker.events.length === 2);
  expect(broker.events.map(({ subject }) => subject)).toEqual([quick, slow]);
  expect(await isEmpty()).toBe(true);
});

it('of several processes one sends at a time, and each event goes out once and in order', async () => {
  const variantIds = await insertVariants(database.url, 4);
  await relay();
  await relay();
  await changeStock(database.url, variantIds, 3, 20);
  await until(isEmpty);
  expect(broker.mostAtOnce).toBe(1);
  expect(new Set(broker.events.map(({ id }) => id)).size).toBe(broker.events.length);
  const last = Object.fromEntries(broker.events.map(({ subject, data }) => [subject, data]));
  const stock = await stockOf(database.url);
  expect(Object.entries(last).map(([id, data]) => [id, (data as { onHand: number }).onHand])).toEqual(
    expect.arrayContaining(Object.entries(stock)),
  );
});

it('what a broker refuses is tried again, and nothing of its entity overtakes it', async () => {
  const [refused = '', other = ''] = await insertVariants(database.url, 2);
  let refusals = 3;
  broker.judge = (events) => {
    if (events.some(({ subject }) => subject === refused) && refusals-- > 0) throw new Error('no room');
  };
  const metrics = createMetrics('test');
  const started = await relay({ metrics });
  await count(refused);
  await count(refused);
  await count(other);
  await until(isEmpty);
  expect(refusals).toBeLessThan(0);
  const ofRefused = broker.events.filter(({ subject }) => subject === refused);
  expect(ofRefused.map(({ data }) => (data as { onHand: number }).onHand)).toEqual([1, 2]);
  await until(() =>
    started.check().then(
      () => true,
      () => false,
    ),
  );
  const text = await metrics.metrics();
  expect(text).toMatch(
    /^domain_events_published_total\{type="stock.changed.v1",outcome="sent",service="test"\} 3$/m,
  );
  expect(text).toMatch(
    /^domain_events_published_total\{type="stock.changed.v1",outcome="failed",service="test"\} [3-6]$/m,
  );
});

it('tells how much waits, and for how long', async () => {
  const [variantId = ''] = await insertVariants(database.url, 1);
  broker.judge = () => {
    throw new Error('no room');
  };
  const metrics = createMetrics('test');
  const started = await relay({ metrics });
  await count(variantId);
  await count(variantId);
  await until(() =>
    started.check().then(
      () => false,
      () => true,
    ),
  );
  await expect(started.check()).rejects.toThrow('no room');
  const text = await metrics.metrics();
  expect(text).toMatch(/^domain_events_waiting\{service="test"\} 2$/m);
  expect(text).toMatch(/^domain_events_oldest_seconds\{service="test"\} \d+(\.\d+)?(e-\d+)?$/m);
  expect(text).not.toContain('domain_events_oldest_seconds{service="test"} 0\n');
});

it('goes on when the database was away', async () => {
  const proxy = await openTcpProxy(database.url);
  const [variantId = ''] = await insertVariants(database.url, 1);
  const started = await relay({ databaseUrl: proxy.url });
  await proxy.block();
  await count(variantId);
  await until(() =>
    started.check().then(
      () => false,
      () => true,
    ),
  );
  await proxy.unblock();
  await until(isEmpty);
  expect(pieces()).toEqual([1]);
  await Promise.all(relays.splice(0).map((one) => one.stop()));
  await proxy.block();
});

it('an event that arrived is sent again with its id when the connection to the database broke meanwhile', async () => {
  const [variantId = ''] = await insertVariants(database.url, 1);
  const admin = new pg.Client(database.url);
  await admin.connect();
  let isCut = false;
  broker.judge = async () => {
    if (isCut) return;
    isCut = true;
    await admin.query(`
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  };
  await relay();
  await count(variantId);
  await until(isEmpty);
  await admin.end();
  expect(pieces()).toEqual([1, 1]);
  expect(new Set(broker.events.map(({ id }) => id)).size).toBe(1);
});
