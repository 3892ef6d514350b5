import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { CLOUD_EVENT_JSON, type CloudEvent } from '../cloud-event.ts';
import type { EventsTarget, Servers } from '../events-out-url.ts';
import type { Broker } from './broker.ts';

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

/** Produces events into one topic, and waits until all replicas that are in sync have them. */
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
      await producer.send({
        topic: target.topic,
        acks: ALL_IN_SYNC,
        timeout: TIMEOUT,
        messages: events.map(toKafkaMessage),
      });
    },
    close: () => producer.disconnect(),
  };
}

const signInOf = ({ username, password = '' }: Servers) =>
  username === undefined ? {} : { sasl: { mechanism: 'plain' as const, username, password } };
