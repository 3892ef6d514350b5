import type { Logger } from '@tributary/platform';
import { AMQPError, Connection } from 'rabbitmq-client';
import { CLOUD_EVENT_JSON } from '../cloud-event.ts';
import type { EventsTarget } from '../events-out-url.ts';
import type { Broker } from './broker.ts';
import { sendEachApart } from './send-each.ts';

const TIMEOUT = 5_000; // 5 seconds

/**
 * Publishes events to a topic exchange, with their types as routing keys, and waits for RabbitMQ's confirmation. RabbitMQ
 * confirms also what no queue is bound for: that is said in the log, once for each type. Refused is what is too large, and
 * what the user may not publish by a permission on topics.
 */
export async function openRabbitmq(
  { url, exchange }: Extract<EventsTarget, { kind: 'rabbitmq' }>,
  logger: Logger,
): Promise<Broker> {
  const connection = new Connection({ url, connectionTimeout: TIMEOUT, acquireTimeout: TIMEOUT });
  await connected(connection);
  const publisher = connection.createPublisher({
    confirm: true,
    exchanges: [{ exchange, type: 'topic', durable: true }],
  });
  const unwanted = new Set<string>();
  publisher.on('basic.return', ({ routingKey: type }) => {
    if (unwanted.has(type)) return;
    unwanted.add(type);
    logger.warn({ type, exchange }, 'no queue is bound for events of a type; RabbitMQ drops them');
  });
  return {
    // RabbitMQ closes the channel at a refusal, without a word on which message it was.
    publish: (events) =>
      sendEachApart(
        events,
        (event) =>
          publisher.send(
            {
              exchange,
              routingKey: event.type,
              mandatory: true,
              durable: true,
              messageId: event.id,
              type: event.type,
              contentType: CLOUD_EVENT_JSON,
            },
            Buffer.from(JSON.stringify(event)),
          ),
        whyRefused,
      ),
    async close() {
      connection.unsafeDestroy();
    },
  };
}

/** What RabbitMQ says of one message; other refusals are of the exchange, and so of all that goes there. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  PRECONDITION_FAILED: /message size/,
  ACCESS_REFUSED: /access to topic/,
};

const whyRefused = (error: unknown): string | null =>
  error instanceof AMQPError && REFUSALS[error.code]?.test(error.message) ? error.message : null;

/** By itself it would go on trying; here the relay does. */
function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('connection', resolve);
    // Stays: what fails later is thrown by `publish`.
    connection.on('error', (error: Error) => {
      connection.unsafeDestroy();
      reject(error);
    });
  });
}
