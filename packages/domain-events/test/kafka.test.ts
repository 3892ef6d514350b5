import { expect, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { toKafkaMessage, whyRefused } from '../src/brokers/kafka.ts';
import { toCloudEvent } from '../src/cloud-event.ts';
import { brokerAt } from './support/relay.ts';

const entityId = '0b6f4ac0-6d5e-7c1b-9a52-1f9a2f6f5a10';
const event = toCloudEvent('orders', {
  id: '42',
  eventId: '9d2b6c9e-8f33-4c83-9c0a-0a6b7c8d9e0f',
  type: 'order.paid.v1',
  entity: 'order',
  entityId,
  data: { orderId: entityId },
  traceparent: null,
  at: new Date(0),
});

it('an event is a message of Kafka’s CloudEvents binding in structured mode, its entity the key', () => {
  const { key, value, headers } = toKafkaMessage(event);
  expect(key).toBe(`order:${entityId}`);
  expect(headers).toEqual({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect(JSON.parse(String(value))).toEqual(event);
});

it('a Kafka that is not there is an error, soon', async () => {
  await expect(brokerAt(`kafka://127.0.0.1:${await freePort()}`)()).rejects.toThrow('ECONNREFUSED');
});

it('a message that is too large is refused, however kafkajs wraps that; a topic that one may not write to is not', () => {
  const failure = (type: string) =>
    new KafkaJSProtocolError(Object.assign(new Error('as Kafka says'), { type, retriable: false, code: 0 }));
  const wrapped = new KafkaJSNumberOfRetriesExceeded(failure('MESSAGE_TOO_LARGE'), {
    retryCount: 0,
    retryTime: 0,
  });
  const judged = [
    failure('MESSAGE_TOO_LARGE'),
    wrapped,
    failure('TOPIC_AUTHORIZATION_FAILED'),
    new Error('gone'),
  ];
  expect(judged.map(whyRefused)).toEqual(['as Kafka says', 'as Kafka says', null, null]);
});
