import type { Pool, PoolClient } from 'pg';

/** An event as a trigger wrote it down. */
export interface OutboxRow {
  /** A bigint: rises with the changes of an entity. */
  id: string;
  eventId: string;
  /** Without the prefix that all have. */
  type: string;
  entity: string;
  entityId: string;
  data: unknown;
  traceparent: string | null;
  at: Date;
}

/** What waits to be sent. */
export interface Backlog {
  events: number;
  /** Seconds since the oldest of them happened; 0 without any. */
  oldestSeconds: number;
}

const RELAY_LOCK = 7_243_043; // any number that only this lock uses

/** Has events written down from now on, or not any more. */
export async function switchOutbox(pool: Pool, isOn: boolean): Promise<void> {
  await pool.query('UPDATE domain_event_switch SET is_on = $1 WHERE is_on <> $1', [isOn]);
}

/** Whether events are written down. */
export async function isOutboxOn(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ on: boolean }>('SELECT domain_events_are_on() AS on');
  return rows[0]?.on === true;
}

export async function isAnythingWaiting(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ waiting: boolean }>(
    'SELECT EXISTS (SELECT FROM domain_events) AS waiting',
  );
  return rows[0]?.waiting === true;
}

/** Makes the transaction the only one that sends, for as long as it lasts. @returns whether it is */
export async function lockOutbox(transaction: PoolClient): Promise<boolean> {
  const { rows } = await transaction.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1) AS locked',
    [RELAY_LOCK],
  );
  return rows[0]?.locked === true;
}

/**
 * Reads the events with the lowest numbers. By one statement: when it sees a change of an entity, it sees those before. They
 * are ordered by the number itself, not by the text that it is told as.
 *
 * @param limit - at most so many
 */
export async function readOutbox(transaction: PoolClient, limit: number): Promise<OutboxRow[]> {
  const { rows } = await transaction.query<OutboxRow>(
    `SELECT id::text, event_id AS "eventId", type, entity, entity_id AS "entityId", data, traceparent, at
     FROM domain_events e ORDER BY e.id LIMIT $1`,
    [limit],
  );
  return rows;
}

/** Removes events that were sent. */
export async function removeFromOutbox(
  transaction: PoolClient,
  rows: readonly Pick<OutboxRow, 'id'>[],
): Promise<void> {
  await transaction.query('DELETE FROM domain_events WHERE id = ANY ($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
}

export async function readBacklog(pool: Pool): Promise<Backlog> {
  const { rows } = await pool.query<Backlog>(
    `SELECT count(*)::integer AS events,
       coalesce(greatest(extract(epoch FROM clock_timestamp() - min(at)), 0), 0)::float AS "oldestSeconds"
     FROM domain_events`,
  );
  return rows[0] ?? { events: 0, oldestSeconds: 0 };
}
