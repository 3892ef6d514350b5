import { Kafka, KafkaJSProtocolError, logLevel, type Message, Partitioners } from 'kafkajs';
import { CLOUD_EVENT_JSON, type CloudEvent } from '../cloud-event.ts';
import type { EventsTarget, Servers } from '../events-out-url.ts';
import type { Broker } from './broker.ts';
import { sendEach } from './send-each.ts';

const TIMEOUT = 5_000; // 5 seconds
const ALL_IN_SYNC = -1; // acknowledged by all replicas that are in sync

/**
 * An event as a message: what has one partition key goes to one partition.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md structured mode
 */
export const toKafkaMessage = (event: CloudEvent): Message => ({
  key: event.partitionkey,
  value: JSON.stringify(event),
  headers: { 'content-type': CLOUD_EVENT_JSON },
});

/**
 * Produces events into one topic, and waits until all replicas that are in sync have them. Those for one partition are one
 * batch, which Kafka takes or refuses as a whole.
 */
export async function openKafka(target: Extract<EventsTarget, { kind: 'kafka' }>): Promise<Broker> {
  const kafka = new Kafka({
    clientId: 'tributary',
    brokers: [...target.servers],
    connectionTimeout: TIMEOUT,
    requestTimeout: TIMEOUT,
    // The relay tries again, and tells of what fails.
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    ssl: target.tls,
    ...signInOf(target),
  });
  // The partitions that Kafka's own clients choose.
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async publish(events) {
      const send = (some: readonly CloudEvent[]) =>
        producer.send({
          topic: target.topic,
          acks: ALL_IN_SYNC,
          timeout: TIMEOUT,
          messages: some.map(toKafkaMessage),
        });
      try {
        await send(events);
        return [];
      } catch (error) {
        if (whyRefused(error) === null) throw error;
        return sendEach(events, (event) => send([event]), whyRefused);
      }
    },
    close: () => producer.disconnect(),
  };
}

/** What Kafka says of one message, by its protocol's names. */
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Why Kafka refuses a message for what it is; null for any other failure. */
export function whyRefused(error: unknown): string | null {
  // kafkajs wraps what it tried more than once, or would have.
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return reason instanceof KafkaJSProtocolError && REFUSALS.has(reason.type) ? reason.message : null;
}

const signInOf = ({ username, password = '' }: Servers) =>
  username === undefined ? {} : { sasl: { mechanism: 'plain' as const, username, password } };
