import type { Sql } from '@prisma/client/runtime/client';
import { inTransaction } from '@tributary/database';
import type { Executor } from '@tributary/jobs';
import type pg from 'pg';
import type { Evictions } from '../../caching/eviction.ts';
import type { RetainedTable } from './retained-table.ts';

/** Rows that are deleted in one transaction: a few milliseconds, in which nobody waits for more than these. */
const BATCH = 500;

export interface PruneOptions {
  evictions: Evictions;
  /** Ends it after the batch that is under way. */
  signal?: AbortSignal | undefined;
  /** Told of each batch. */
  onBatch?(rows: number): void;
  /** Rows in a transaction. @default 500 */
  batch?: number;
}

/**
 * Deletes what is over its time, the oldest first, in small transactions. Rows that somebody has locked are left for the
 * next time, so that any number of processes may do this beside writers.
 *
 * @throws what the database refused; batches before are committed
 */
export async function pruneTable(
  client: pg.Client,
  table: RetainedTable,
  { evictions, signal, onBatch, batch = BATCH }: PruneOptions,
): Promise<void> {
  const deletion = deletionOf(table);
  let deleted = batch;
  while (deleted === batch && !signal?.aborted) {
    deleted = await inTransaction(client, async () => {
      const { rows } = await client.query<{ id: string }>(deletion, [table.days, batch]);
      if (table.evicts !== undefined)
        await evictions.add(executorOf(client), { entities: { [table.evicts]: rows.map(({ id }) => id) } });
      return rows.length;
    });
    if (deleted > 0) onBatch?.(deleted);
  }
}

/** SQL of the rows that are over their time by now; `$1` is the number of days. */
export const isOver = ({ since, clock, where }: RetainedTable): string => {
  const limit =
    clock === 'milliseconds'
      ? '(extract(epoch FROM now() - make_interval(days => $1)) * 1000)::bigint'
      : 'now() - make_interval(days => $1)';
  return [`${since} < ${limit}`, ...(where === undefined ? [] : [`(${where})`])].join(' AND ');
};

/** The condition is checked once more on each row when it is locked; then nobody changes the row until it is gone. */
function deletionOf(retained: RetainedTable): string {
  const { table, key, since, dependents = [] } = retained;
  const [id] = key;
  const parts = dependents.map(
    (dependent, n) =>
      `, dependent_${n} AS (DELETE FROM ${dependent.table} d USING over WHERE d.${dependent.column} = over.${id})`,
  );
  return `
    WITH over AS MATERIALIZED (
      SELECT ${key.join(', ')} FROM ${table} WHERE ${isOver(retained)}
      ORDER BY ${since} LIMIT $2 FOR UPDATE SKIP LOCKED
    )${parts.join('')}
    DELETE FROM ${table} t USING over WHERE ${key.map((column) => `t.${column} = over.${column}`).join(' AND ')}
    RETURNING t.${id}::text AS id`;
}

/** What adds jobs in the client's transaction. */
const executorOf = (client: pg.Client): Executor => ({
  $executeRaw: async ({ text, values }: Sql) => (await client.query(text, values)).rowCount ?? 0,
});
