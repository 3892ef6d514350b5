import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '@tributary/platform';
import { createTestDatabase, natsAvailable, redisAvailable, type TestDatabase } from '@tributary/testing';
import type { CloudEvent } from '../src/cloud-event.ts';
import type { Relay } from '../src/relay/start-relay.ts';
import type { BrokerUnderTest } from './support/broker-under-test.ts';
import { startNats } from './support/nats-under-test.ts';
import { rabbitmqAvailable, reachRabbitmq } from './support/rabbitmq-under-test.ts';
import { startRedis } from './support/redis-under-test.ts';
import { brokerAt, startTestRelay } from './support/relay.ts';
import { changeStock, insertVariants, isOn, stockOf, waiting } from './support/stock-changes.ts';
import { until } from './support/until.ts';

const VARIANTS = 8;
const CLIENTS = 4;
const CHANGES = 15; // transactions of each client, three times

/** Who is missing is left out by name. */
const BROKERS = [
  { name: 'Redis Streams', isThere: redisAvailable(), start: startRedis },
  { name: 'NATS JetStream', isThere: natsAvailable(), start: startNats },
  { name: 'RabbitMQ', isThere: await rabbitmqAvailable(), start: reachRabbitmq },
];

describe.each(BROKERS)('$name', ({ name, isThere, start }) => {
  if (!isThere) {
    console.warn(`"${name}" was left out: there is none to test with`);
    it.skip('is not there', () => undefined);
    return;
  }
  let database: TestDatabase;
  let broker: BrokerUnderTest;
  let relay: Relay;
  beforeEach(async () => {
    database = await createTestDatabase('products');
    broker = await start();
  });
  afterEach(async () => {
    await relay?.stop();
    await broker?.stop();
    await database?.drop();
  });

  it('is told of every committed change, of each entity in order, though it dies in the middle', async () => {
    const { url } = database;
    const variantIds = await insertVariants(url, VARIANTS);
    const metrics = createMetrics('test');
    relay = startTestRelay({ databaseUrl: url, openBroker: brokerAt(broker.setting), metrics });
    const change = () => changeStock(url, variantIds, CLIENTS, CHANGES);
    const isPublished = async (outcome: string) =>
      (await metrics.metrics()).includes(
        `domain_events_published_total{type="stock.changed.v1",outcome="${outcome}"`,
      );

    await until(() => isOn(url));
    const before = change();
    await until(() => isPublished('sent'));
    await broker.kill();
    await before;
    await change();
    await until(() => isPublished('failed'));
    await expect(relay.check()).rejects.toThrow();
    expect(await waiting(url)).toBeGreaterThan(0);
    const after = change();
    await broker.revive();
    await after;
    await until(async () => (await waiting(url)) === 0);
    await relay.check();

    expect(told(await broker.received())).toEqual(await stockOf(url));
  });
});

/**
 * The pieces of each variant as a consumer knows them that leaves out what it has seen.
 *
 * @throws when a change is missing, or comes before the one that it follows
 */
function told(events: readonly CloudEvent[]): Record<string, number> {
  const seen = new Set<string>();
  const pieces: Record<string, number> = {};
  const sequences: Record<string, string> = {};
  for (const { id, subject, sequence, data } of events) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { onHand, before } = data as { onHand: number; before: { onHand: number } };
    expect([subject, before.onHand]).toEqual([subject, pieces[subject] ?? 0]);
    expect(sequence > (sequences[subject] ?? '')).toBe(true);
    pieces[subject] = onHand;
    sequences[subject] = sequence;
  }
  return pieces;
}
