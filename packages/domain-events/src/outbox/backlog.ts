import type { Pool } from 'pg';

/** What is in an outbox, by what keeps it there. */
export interface Backlog {
  /** Events that wait for the broker only. */
  waiting: number;
  /** Seconds since the oldest of those happened; 0 without any. */
  oldestSeconds: number;
  /** Events that the broker has refused, and that are tried again. */
  retried: number;
  /** Events that it has refused as often as they are tried. */
  dead: number;
  /** Events behind one that is retried or dead. */
  held: number;
}

export async function readBacklog(pool: Pool): Promise<Backlog> {
  const { rows } = await pool.query<Backlog>(READ);
  return rows[0] ?? { waiting: 0, oldestSeconds: 0, retried: 0, dead: 0, held: 0 };
}

const READ = `
  WITH refused AS (
    SELECT e.id, e.entity, e.entity_id, r.retry_at IS NULL AS is_dead
    FROM domain_event_refusals r JOIN domain_events e ON e.id = r.id
  ), events AS (
    SELECT at, (entity, entity_id) IN (SELECT entity, entity_id FROM refused) AS is_held FROM domain_events
  )
  SELECT count(*) FILTER (WHERE NOT is_held)::integer AS waiting,
    coalesce(greatest(extract(epoch FROM clock_timestamp() - min(at) FILTER (WHERE NOT is_held)), 0), 0)::float
      AS "oldestSeconds",
    (SELECT count(*) FROM refused WHERE NOT is_dead)::integer AS retried,
    (SELECT count(*) FROM refused WHERE is_dead)::integer AS dead,
    (count(*) FILTER (WHERE is_held) - (SELECT count(*) FROM refused))::integer AS held
  FROM events`;
