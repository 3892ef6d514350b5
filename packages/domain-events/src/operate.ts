import { withClient } from '@tributary/database';

/** A refused event as operators see it. */
export interface RefusedEvent {
  /** Its number in the outbox. */
  id: string;
  /** As the CloudEvent has it. */
  eventId: string;
  type: string;
  state: 'retrying' | 'dead';
  /** How often the broker has refused it. */
  refusals: number;
  /** When it is tried next; null once it is dead. */
  retryAt: Date | null;
  /** Later events of the same entity, which wait for it. */
  held: number;
  /** What the broker said last. */
  reason: string;
}

/**
 * Lists the events of a database that the broker refuses, the oldest first; none where there is no outbox.
 *
 * @param url - connection string
 */
export const listRefused = (url: string): Promise<RefusedEvent[]> =>
  withClient(url, async (client) => {
    const { rows: outbox } = await client.query(
      "SELECT FROM pg_class WHERE oid = to_regclass('domain_event_refusals')",
    );
    if (outbox.length === 0) return [];
    const { rows } = await client.query<RefusedEvent>(`
      SELECT e.id::text, e.event_id AS "eventId", e.type, r.refusals, r.retry_at AS "retryAt", r.reason,
        CASE WHEN r.retry_at IS NULL THEN 'dead' ELSE 'retrying' END AS state,
        (SELECT count(*) FROM domain_events later
         WHERE later.entity = e.entity AND later.entity_id = e.entity_id AND later.id > e.id)::integer AS held
      FROM domain_event_refusals r JOIN domain_events e ON e.id = r.id ORDER BY r.id`);
    return rows;
  });

/**
 * Has refused events tried again at once, with all their tries before them.
 *
 * @param url - connection string
 * @param ids - numbers of events
 * @returns the numbers of those that were refused
 */
export const retryRefused = (url: string, ids: readonly string[]): Promise<string[]> =>
  idsOf(url, 'DELETE FROM domain_event_refusals WHERE id = ANY ($1::bigint[]) RETURNING id::text', ids);

/**
 * Forgets refused events, which nobody is ever told of then; the later ones of their entities go on.
 *
 * @param url - connection string
 * @param ids - numbers of events
 * @returns the numbers of those that were refused
 */
export const dropRefused = (url: string, ids: readonly string[]): Promise<string[]> =>
  idsOf(
    url,
    `WITH refused AS (DELETE FROM domain_event_refusals WHERE id = ANY ($1::bigint[]) RETURNING id)
     DELETE FROM domain_events e USING refused WHERE e.id = refused.id RETURNING e.id::text`,
    ids,
  );

const idsOf = (url: string, statement: string, ids: readonly string[]): Promise<string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string }>(statement, [ids]);
    return rows.map(({ id }) => id);
  });
