import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createMetrics, type Logger, type Registry } from '@tributary/platform';
import { createTestDatabase, openTcpProxy, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
import { dropRefused, listRefused, retryRefused } from '../src/operate.ts';
import type { Relay, RelayOptions } from '../src/relay/start-relay.ts';
import { type MemoryBroker, memoryBroker } from './support/memory-broker.ts';
import { silent, startTestRelay } from './support/relay.ts';
import { changeStock, countIn, insertVariants, isOn, stockOf, waiting } from './support/stock-changes.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
let broker: MemoryBroker;
const relays: Relay[] = [];

/** What `stock.changed.v1` tells, as far as it matters here. */
interface Stock {
  onHand: number;
}

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
const pieces = () => broker.events.map(({ data }) => (data as Stock).onHand);
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
  expect(Object.entries(last).map(([id, data]) => [id, (data as Stock).onHand])).toEqual(
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
  expect(ofRefused.map(({ data }) => (data as Stock).onHand)).toEqual([1, 2]);
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

describe('an event that the broker refuses while it takes others', () => {
  const limits = { most: 2, pause: 10 };
  const figures = async (metrics: Registry) =>
    [...(await metrics.metrics()).matchAll(/^domain_events_(waiting|retried|dead|held)\{.*\} (\d+)$/gm)].map(
      ([, name, value]) => `${name} ${value}`,
    );
  const ofVariant = (id: string) =>
    broker.events.filter(({ subject }) => subject === id).map(({ data }) => (data as Stock).onHand);
  const theOne = async () => (await listRefused(database.url)).map(({ id }) => id);

  /** Two events of one variant, of which the first is refused until it is dead; `other` has one that went on. */
  async function refuseOne(metrics = createMetrics('test'), logger?: Logger) {
    const [refused = '', other = ''] = await insertVariants(database.url, 2);
    broker.refuse = ({ subject, data }) =>
      subject === refused && (data as Stock).onHand === 1 ? 'too large' : null;
    await relay({ limits, metrics, ...(logger && { logger }) });
    await withClient(database.url, async (client) => {
      await client.query('BEGIN');
      await countIn(client, [refused, other]);
      await countIn(client, [refused]);
      await client.query('COMMIT');
    });
    await until(async () => (await listRefused(database.url)).some(({ state }) => state === 'dead'));
    return { refused, other };
  }

  it('is dead after some tries; later ones of its entity wait, others go on, and it is told of', async () => {
    const metrics = createMetrics('test');
    const lines: [object, string][] = [];
    const note = (line: object, message: string) => lines.push([line, message]);
    const logger = Object.assign(Object.create(silent), { warn: note, error: note }) as Logger;
    const { refused, other } = await refuseOne(metrics, logger);
    await count(other);
    await until(() => ofVariant(other).length === 2);
    expect([ofVariant(refused), ofVariant(other)]).toEqual([[], [1, 2]]);
    const [event] = await listRefused(database.url);
    expect(event).toMatchObject({ type: 'stock.changed.v1', refusals: 2, reason: 'too large', held: 1 });
    expect((await figures(metrics)).sort()).toEqual(['dead 1', 'held 1', 'retried 0', 'waiting 0']);
    expect(await metrics.metrics()).toMatch(/^domain_events_oldest_seconds\{service="test"\} 0$/m);
    const line = { event: `products:${event?.id}`, eventId: event?.eventId, reason: 'too large' };
    expect(lines).toEqual([
      [expect.objectContaining({ ...line, refusals: 1 }), expect.stringContaining('is tried again')],
      [expect.objectContaining({ ...line, refusals: 2 }), expect.stringContaining('npm run events -- retry')],
    ]);
  });

  it('is sent in its place when an operator has it tried again, and the broker takes it', async () => {
    const { refused } = await refuseOne();
    broker.refuse = () => null;
    const ids = await theOne();
    expect(await retryRefused(database.url, [...ids, '999999'])).toEqual(ids);
    await until(isEmpty);
    expect(ofVariant(refused)).toEqual([1, 2]);
    expect(await theOne()).toEqual([]);
  });

  it('holds up nothing any more when an operator drops it, as only a refused one can be', async () => {
    const { refused } = await refuseOne();
    const ids = await theOne();
    const next = String(Number(ids[0]) + 2);
    expect(await dropRefused(database.url, [...ids, next])).toEqual(ids);
    await until(isEmpty);
    expect(ofVariant(refused)).toEqual([2]);
  });
});

it('a broker that refuses every event has none of them dead: they wait', async () => {
  const variantIds = await insertVariants(database.url, 2);
  broker.refuse = () => 'not you';
  const started = await relay({ limits: { most: 1, pause: 10 } });
  await withClient(database.url, async (client) => {
    await client.query('BEGIN');
    await countIn(client, variantIds);
    await client.query('COMMIT');
  });
  await until(() =>
    started.check().then(
      () => false,
      () => true,
    ),
  );
  await expect(started.check()).rejects.toThrow('the broker refuses every event: not you');
  expect(await listRefused(database.url)).toEqual([]);
  broker.refuse = () => null;
  await until(isEmpty);
  expect(pieces()).toEqual([1, 1]);
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
