import type { PoolClient } from 'pg';
import type { OutboxRow } from './outbox.ts';

/** An event that the broker would not take, while it took others. */
export interface RefusedRow {
  row: OutboxRow;
  /** What the broker said. */
  reason: string;
}

/** How often a refused event is tried. */
export interface RetryLimits {
  /** Refusals after which it is dead. */
  most: number;
  /** Milliseconds until the second try; each pause after it is twice as long. */
  pause: number;
}

/** A refused event, as it was noted. */
export interface NotedRefusal extends RefusedRow {
  /** How often so far. */
  refusals: number;
  /** Whether it is tried no more. */
  isDead: boolean;
}

/** Notes that events were refused; their entities wait until they are tried again. */
export async function noteRefusals(
  transaction: PoolClient,
  refused: readonly RefusedRow[],
  { most, pause }: RetryLimits,
): Promise<NotedRefusal[]> {
  const { rows } = await transaction.query<{ id: string; refusals: number; isDead: boolean }>(NOTE, [
    refused.map(({ row }) => row.id),
    refused.map(({ reason }) => reason),
    most,
    pause,
  ]);
  const noted = new Map(rows.map(({ id, ...state }) => [id, state]));
  return refused.flatMap((one) => {
    const state = noted.get(one.row.id);
    return state ? [{ ...one, ...state }] : [];
  });
}

const NOTE = `
  INSERT INTO domain_event_refusals AS known (id, refusals, reason, retry_at)
  SELECT id, 1, reason, CASE WHEN $3 > 1 THEN clock_timestamp() + $4 * interval '1 millisecond' END
  FROM unnest($1::bigint[], $2::text[]) AS refused (id, reason)
  ON CONFLICT (id) DO UPDATE SET
    refusals = known.refusals + 1,
    reason = EXCLUDED.reason,
    retry_at = CASE
      WHEN known.refusals + 1 < $3 THEN clock_timestamp() + $4 * power(2, known.refusals) * interval '1 millisecond'
    END
  RETURNING id::text, refusals, retry_at IS NULL AS "isDead"`;
