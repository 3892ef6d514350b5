import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { withClient } from '@tributary/database';
import { connectRedis, whenReady } from '@tributary/platform';
import { createTestDatabase, natsAvailable, redisAvailable, type TestDatabase } from '@tributary/testing';
import { listRefused } from '../src/operate.ts';
import type { Relay } from '../src/relay/start-relay.ts';
import type { BrokerUnderTest } from './support/broker-under-test.ts';
import { startNats } from './support/nats-under-test.ts';
import { rabbitmqAvailable, reachRabbitmq } from './support/rabbitmq-under-test.ts';
import { createRabbitmqUser, rabbitmqctlAvailable } from './support/rabbitmq-user.ts';
import { startRedis } from './support/redis-under-test.ts';
import { brokerAt, silent, startTestRelay } from './support/relay.ts';
import { waiting } from './support/stock-changes.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
let broker: BrokerUnderTest;
let relay: Relay;
beforeEach(async () => {
  database = await createTestDatabase('products');
});
afterEach(async () => {
  await relay?.stop();
  await broker?.stop();
  await database?.drop();
});

interface Given {
  type?: string;
  /** Characters of its data. */
  size?: number;
  /** @default one of its own */
  entityId?: string;
}

/** Writes events down, as triggers do. */
const write = (events: readonly Given[]) =>
  withClient(database.url, async (client) => {
    await client.query('BEGIN');
    for (const { type = 'stock.changed.v1', size = 1, entityId = randomUUID() } of events)
      await client.query(
        `INSERT INTO domain_events (type, entity, entity_id, data)
         VALUES ($1, 'stock', $2, jsonb_build_object('text', repeat('x', $3)))`,
        [type, entityId, size],
      );
    await client.query('COMMIT');
  });

const start = (setting = broker.setting) => {
  relay = startTestRelay({
    databaseUrl: database.url,
    openBroker: brokerAt(setting),
    limits: { most: 2, pause: 10 },
  });
};
const refused = async () =>
  (await listRefused(database.url)).map(({ state, reason }) => `${state}: ${reason}`);
const areDead = (count: number) => async () =>
  (await refused()).filter((line) => line.startsWith('dead')).length === count;

/** Who is missing is left out by name. */
const describeIf = (isThere: boolean, name: string, define: () => void) => {
  if (!isThere) console.warn(`"${name}" was left out: there is none to test with`);
  (isThere ? describe : describe.skip)(name, define);
};

describeIf(natsAvailable(), 'NATS JetStream', () => {
  it('refuses what is too large for the server or the stream, or of no stream, and takes the others', async () => {
    broker = await startNats();
    const connection = await connect({ servers: new URL(broker.setting).host });
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: 'SHOP', subjects: ['com.tributary.stock.>'], max_msg_size: 5_000 });
    await connection.close();
    const [tooLarge, blocked] = [{ size: 2_000_000 }, { entityId: randomUUID() }];
    await write([{ ...blocked, size: 5_000 }, {}, { type: 'gift.given.v1' }, tooLarge, blocked, {}]);
    start();
    await until(areDead(3));
    await until(async () => (await waiting(database.url)) === 4);
    expect(await refused()).toEqual([
      'dead: message size exceeds maximum allowed',
      'dead: no stream takes com.tributary.gift.given.v1',
      expect.stringMatching(/^dead: .*max_payload size exceeded/),
    ]);
    expect(await broker.received()).toHaveLength(2);
    await relay.check();
  });
});

describeIf((await rabbitmqAvailable()) && (await rabbitmqctlAvailable()), 'RabbitMQ', () => {
  it('refuses what its user may not publish, and takes what failed with that as the channel closed', async () => {
    broker = await reachRabbitmq();
    const url = new URL(broker.setting);
    const user = await createRabbitmqUser(url.searchParams.get('exchange') ?? '', '^com.tributary.stock');
    try {
      await write([{}, {}, { type: 'gift.given.v1' }, {}, {}]);
      start(broker.setting.replace(/\/\/[^@]*@/, `//${user.credentials}@`));
      await until(areDead(1));
      expect(await refused()).toEqual([
        expect.stringMatching(/^dead: .*access to topic 'com\.tributary\.gift\.given\.v1' .* refused/),
      ]);
      await until(async () => (await waiting(database.url)) === 1);
      const ids = (await broker.received()).map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
    } finally {
      await relay.stop();
      await user.remove();
    }
  });
});

describeIf(redisAvailable(), 'Redis Streams', () => {
  it('has nothing dead while it is out of memory: all wait, and are sent when it has some', async () => {
    broker = await startRedis();
    const redis = connectRedis(broker.setting.replace(/\?.*/, ''), silent, { commandTimeout: 5_000 });
    await whenReady(redis);
    await redis.config('SET', 'maxmemory', '1');
    await write([{}]);
    start();
    await until(() =>
      relay.check().then(
        () => false,
        ({ message }: Error) => message.startsWith('OOM'),
      ),
    );
    expect([await refused(), await waiting(database.url)]).toEqual([[], 1]);
    await redis.config('SET', 'maxmemory', '0');
    redis.disconnect();
    await until(async () => (await waiting(database.url)) === 0);
    expect(await broker.received()).toHaveLength(1);
  });
});
