import type { OutboxRow } from './outbox/outbox.ts';

/**
 * An event as other systems get it: CloudEvents 1.0 in JSON, with the extensions partitioning, sequence and tracing, and one of
 * ours for the region.
 */
export interface CloudEvent {
  specversion: '1.0';
  /** The same however often the event is sent. */
  id: string;
  /** The service that it comes from. */
  source: string;
  type: string;
  /** Uuid of what it is about. */
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  dataschema: string;
  /** Events with the same one are sent in the order in which they happened. */
  partitionkey: string;
  /** Rises among the events of a partition key, with gaps; as text it sorts as the number does. */
  sequence: string;
  /** W3C trace context, where the change had one. */
  traceparent?: string;
  /** Region in which its sender keeps personal data, where that is said. */
  dataregion?: string;
  data: unknown;
}

/** Media type of a `CloudEvent` as JSON. */
export const CLOUD_EVENT_JSON = 'application/cloudevents+json; charset=utf-8';

/** What all types begin with. */
export const TYPE_PREFIX = 'com.tributary.';

const SEQUENCE_DIGITS = 19; // of the largest bigint

export const sourceOf = (service: string): string => `urn:tributary:${service}`;

/** @param type - without the prefix */
export const schemaOf = (type: string): string => `urn:tributary:schema:${type}`;

/**
 * @param service - whose outbox the row is from
 * @param region - in which it keeps personal data
 */
export const toCloudEvent = (
  service: string,
  row: Omit<OutboxRow, 'refusals'>,
  region?: string,
): CloudEvent => ({
  specversion: '1.0',
  id: row.eventId,
  source: sourceOf(service),
  type: `${TYPE_PREFIX}${row.type}`,
  subject: row.entityId,
  time: row.at.toISOString(),
  datacontenttype: 'application/json',
  dataschema: schemaOf(row.type),
  partitionkey: `${row.entity}:${row.entityId}`,
  sequence: row.id.padStart(SEQUENCE_DIGITS, '0'),
  ...(row.traceparent !== null && { traceparent: row.traceparent }),
  ...(region !== undefined && { dataregion: region }),
  data: row.data,
});
