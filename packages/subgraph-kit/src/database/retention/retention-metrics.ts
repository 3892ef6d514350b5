import { withClient } from '@tributary/database';
import { Counter, Gauge, type Logger, type Registry } from '@tributary/platform';
import type { RetainedTable } from './retained-table.ts';

/** How long is believed what was read: rows grow old by the day. */
const FRESH = 600_000; // 10 minutes

const TIMEOUT = '2s'; // who asks for metrics is not kept waiting by a large table

/** Counts what is deleted because its time is over. */
export interface RetentionMetrics {
  /** @param table - its name */
  deleted(table: string, rows: number): void;
}

/** Registers the figures of retention; the oldest rows are looked up when somebody reads the figures. */
export function createRetentionMetrics(
  url: string,
  tables: readonly RetainedTable[],
  { logger, metrics }: { logger: Logger; metrics: Registry },
): RetentionMetrics {
  const registers = [metrics];
  const rows = new Counter({
    name: 'db_retention_deleted_rows_total',
    help: 'Rows that this process deleted because their time was over',
    labelNames: ['table'],
    registers,
  });
  let readAt = Number.NEGATIVE_INFINITY;
  let ages: ReadonlyMap<string, number> = new Map();
  new Gauge({
    name: 'db_retention_oldest_row_seconds',
    help: 'Age of the oldest row that is deleted when its time is over; 0 without any',
    labelNames: ['table'],
    registers,
    async collect() {
      if (performance.now() - readAt > FRESH) {
        try {
          ages = await readAges(url, tables);
          readAt = performance.now();
        } catch (error) {
          logger.warn({ err: error }, 'the oldest rows could not be looked up');
        }
      }
      this.reset();
      for (const [table, seconds] of ages) this.set({ table }, seconds);
    },
  });
  new Gauge({
    name: 'db_retention_seconds',
    help: 'Age at which rows of a table are deleted, within the hour after',
    labelNames: ['table'],
    registers,
    collect() {
      for (const { table, days } of tables) this.set({ table }, days * 86_400);
    },
  });
  return { deleted: (table, count) => rows.inc({ table }, count) };
}

/** By table, the seconds since the time of its oldest row began. */
const readAges = (url: string, tables: readonly RetainedTable[]): Promise<ReadonlyMap<string, number>> =>
  withClient(url, async (client) => {
    await client.query(`SET statement_timeout = '${TIMEOUT}'`);
    const ages = new Map<string, number>();
    for (const { table, since, clock, where = 'true' } of tables) {
      const moment = clock === 'milliseconds' ? `to_timestamp(${since} / 1000.0)` : since;
      const { rows } = await client.query<{ age: number }>(
        `SELECT greatest(extract(epoch FROM now() - ${moment}), 0)::float8 AS age FROM ${table}
         WHERE ${since} IS NOT NULL AND (${where}) ORDER BY ${since} LIMIT 1`,
      );
      ages.set(table, rows[0]?.age ?? 0);
    }
    return ages;
  });
