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
  /** How often the broker has refused it. */
  refusals: number;
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

/**
 * What may be sent now. An event that was refused holds up those of its entity until it is tried again, and for ever once it
 * is dead; it is the first of them, as those before it were sent. `NOT IN` looks up the few that are refused once, and leaves
 * the others in the order of their numbers.
 */
const IS_DUE = `(e.entity, e.entity_id) NOT IN (
  SELECT first.entity, first.entity_id FROM domain_event_refusals r JOIN domain_events first ON first.id = r.id
  WHERE r.retry_at IS NULL OR r.retry_at > clock_timestamp())`;

/** Whether there is an event to send now. */
export async function isAnythingDue(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>(
    `SELECT EXISTS (SELECT FROM domain_events e WHERE ${IS_DUE}) AS due`,
  );
  return rows[0]?.due === true;
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
 * Reads the events with the lowest numbers that may be sent now. By one statement: when it sees a change of an entity, it sees those before. They
 * are ordered by the number itself, not by the text that it is told as.
 *
 * @param limit - at most so many
 */
export async function readOutbox(transaction: PoolClient, limit: number): Promise<OutboxRow[]> {
  const { rows } = await transaction.query<OutboxRow>(
    `SELECT id::text, event_id AS "eventId", type, entity, entity_id AS "entityId", data, traceparent, at,
       coalesce((SELECT refusals FROM domain_event_refusals r WHERE r.id = e.id), 0) AS refusals
     FROM domain_events e WHERE ${IS_DUE} ORDER BY e.id LIMIT $1`,
    [limit],
  );
  return rows;
}

/** Removes events that were sent. */
export async function removeFromOutbox(
  transaction: PoolClient,
  rows: readonly Pick<OutboxRow, 'id' | 'refusals'>[],
): Promise<void> {
  const idsOf = (some: typeof rows) => some.map(({ id }) => id);
  await transaction.query('DELETE FROM domain_events WHERE id = ANY ($1::bigint[])', [idsOf(rows)]);
  const wereRefused = rows.filter(({ refusals }) => refusals > 0);
  if (wereRefused.length > 0)
    await transaction.query('DELETE FROM domain_event_refusals WHERE id = ANY ($1::bigint[])', [
      idsOf(wereRefused),
    ]);
}
