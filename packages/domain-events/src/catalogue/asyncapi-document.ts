import { z } from 'zod';
import { schemaOf, sourceOf, TYPE_PREFIX } from '../cloud-event.ts';
import type { EventCatalogue, EventDefinition } from './event-catalogue.ts';

const CONTENT_TYPE = 'application/cloudevents+json';

/** The version of the format that the document is in. */
const ASYNCAPI = '3.0.0';

/**
 * Describes all events as an AsyncAPI document: a channel for each type, with the CloudEvents in which it comes.
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(catalogues: readonly EventCatalogue[]): object {
  const events = catalogues.flatMap(({ service, events: definitions }) =>
    Object.entries(definitions).map(([type, definition]) => ({
      service,
      type,
      name: nameOf(type),
      ...definition,
    })),
  );
  return {
    asyncapi: ASYNCAPI,
    info: {
      title: 'Tributary’s events',
      version: '1.0.0',
      description:
        'What happened in the shop, as CloudEvents 1.0 in structured mode: at least once, and in order for each `partitionkey`. The address of a channel is the NATS subject and the routing key of RabbitMQ; a Redis stream and a Kafka topic have all of them.',
    },
    defaultContentType: CONTENT_TYPE,
    channels: Object.fromEntries(
      events.map(({ type, name, summary }) => [
        name,
        {
          address: `${TYPE_PREFIX}${type}`,
          summary,
          messages: { [name]: { $ref: `#/components/messages/${name}` } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      events.map(({ name, summary }) => [
        `send${name}`,
        {
          action: 'send',
          summary,
          channel: { $ref: `#/channels/${name}` },
          messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.name, messageOf(event)])),
      schemas: { CloudEvent: CLOUD_EVENT },
    },
  };
}

function messageOf({
  service,
  type,
  summary,
  entity,
  data,
}: EventDefinition & { service: string; type: string }) {
  // As a consumer may read it: fields may be added.
  const { $schema: _, ...schema } = z.toJSONSchema(data, { target: 'draft-7', io: 'input' });
  return {
    name: `${TYPE_PREFIX}${type}`,
    title: type,
    summary,
    contentType: CONTENT_TYPE,
    payload: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        {
          type: 'object',
          properties: {
            type: { const: `${TYPE_PREFIX}${type}` },
            source: { const: sourceOf(service) },
            dataschema: { const: schemaOf(type) },
            partitionkey: { pattern: `^${entity}:` },
            data: { ...schema, $id: schemaOf(type) },
          },
        },
      ],
    },
  };
}

/** `order.placed.v1` → `OrderPlacedV1` */
const nameOf = (type: string): string =>
  type.replaceAll(/(?:^|[.-])([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const CLOUD_EVENT = {
  type: 'object',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'dataschema',
    'partitionkey',
    'sequence',
    'data',
  ],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid', description: 'The same however often the event is sent.' },
    source: { type: 'string', format: 'uri-reference', description: 'The service that it comes from.' },
    type: { type: 'string' },
    subject: { type: 'string', format: 'uuid', description: 'What it is about.' },
    time: { type: 'string', format: 'date-time', description: 'When it happened.' },
    datacontenttype: { const: 'application/json' },
    dataschema: {
      type: 'string',
      format: 'uri',
      description: 'Names the schema of `data` in this document.',
    },
    partitionkey: {
      type: 'string',
      description: 'Events with the same one are sent in the order in which they happened.',
    },
    sequence: {
      type: 'string',
      pattern: '^\\d{19}$',
      description: 'Rises among the events of a partition key, with gaps.',
    },
    traceparent: { type: 'string', description: 'W3C trace context, where the change had one.' },
    dataregion: {
      type: 'string',
      description: 'Region in which the sender keeps personal data, where its `DATA_REGION` says so.',
    },
    data: { type: 'object' },
  },
};
