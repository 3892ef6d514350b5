import { randomUUID } from 'node:crypto';
import { openTcpProxy } from '@tributary/testing';
import { Connection } from 'rabbitmq-client';
import type { CloudEvent } from '../../src/cloud-event.ts';
import type { BrokerUnderTest } from './broker-under-test.ts';

const SERVER = process.env.TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

/** Whether there is a RabbitMQ to test with: `TEST_AMQP_URL`, or one on this machine as Debian installs it. */
export async function rabbitmqAvailable(): Promise<boolean> {
  const connection = new Connection({ url: SERVER, connectionTimeout: 2_000, acquireTimeout: 2_000 });
  connection.on('error', () => undefined);
  try {
    const channel = await connection.acquire();
    await channel.close();
    await connection.close();
    return true;
  } catch {
    connection.unsafeDestroy();
    return false;
  }
}

/** A RabbitMQ that may be shared, and starts slowly: the way to it is cut. */
export async function reachRabbitmq(): Promise<BrokerUnderTest> {
  const name = `test-${randomUUID()}`;
  const proxy = await openTcpProxy(SERVER);
  const connection = new Connection(SERVER);
  connection.on('error', () => undefined);
  await connection.exchangeDeclare({ exchange: name, type: 'topic', durable: true });
  await connection.queueDeclare({ queue: name, durable: true });
  await connection.queueBind({ queue: name, exchange: name, routingKey: 'com.tributary.stock.#' });
  return {
    setting: `${proxy.url}?exchange=${name}`,
    kill: () => proxy.block(),
    revive: () => proxy.unblock(),
    async received() {
      const events: CloudEvent[] = [];
      for (;;) {
        const message = await connection.basicGet({ queue: name, noAck: true });
        if (!message) return events;
        events.push(JSON.parse(message.body.toString()));
      }
    },
    async stop() {
      await proxy.block();
      await connection.queueDelete({ queue: name });
      await connection.exchangeDelete({ exchange: name });
      await connection.close();
    },
  };
}
