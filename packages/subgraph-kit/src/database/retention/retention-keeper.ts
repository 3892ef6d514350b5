import { withClient } from '@tributary/database';
import type { Cron, Task, Tasks } from '@tributary/jobs';
import type { Logger, Registry } from '@tributary/platform';
import type { Evictions } from '../../caching/eviction.ts';
import { pruneTable } from './prune-table.ts';
import type { RetainedTable } from './retained-table.ts';
import { createRetentionMetrics } from './retention-metrics.ts';

/** The task that deletes what is over its time. */
export const RETENTION_TASK = 'retention.prune';

const EVERY_HOUR: Cron = [{ task: RETENTION_TASK, match: '7 * * * *' }];

/** Rather leave a batch for the next hour than wait long, or have others wait. */
const LOCK_TIMEOUT = '2s';
const STATEMENT_TIMEOUT = '30s';

export interface RetentionOptions {
  /** Connection string of the database, past a connection pooler. */
  url: string;
  /** In the order in which they are gone through: what refers to another table comes before it. */
  tables: readonly RetainedTable[];
  evictions: Evictions;
  logger: Logger;
  metrics: Registry;
  /** Rows in a transaction. @default 500 */
  batch?: number;
}

/**
 * Has the rows of tables deleted when their time is over, every hour. Any number of processes may do so at once.
 *
 * @returns the task and when it is due; nothing without tables
 */
export function createRetention(options: RetentionOptions): { tasks: Tasks; cron: Cron } {
  const { url, tables, evictions, batch } = options;
  if (tables.length === 0) return { tasks: {}, cron: [] };
  const { deleted } = createRetentionMetrics(url, tables, options);
  const prune: Task = async (_payload, { signal, logger }) => {
    const failures: unknown[] = [];
    await withClient(
      url,
      async (client) => {
        await client.query(
          `SET lock_timeout = '${LOCK_TIMEOUT}'; SET statement_timeout = '${STATEMENT_TIMEOUT}'`,
        );
        for (const table of tables) {
          let total = 0;
          const onBatch = (rows: number) => {
            total += rows;
            deleted(table.table, rows);
          };
          await pruneTable(client, table, { evictions, signal, onBatch, ...(batch && { batch }) }).catch(
            (error: unknown) => failures.push(error),
          );
          if (total > 0)
            logger.info(
              { table: table.table, rows: total, setting: table.setting },
              'deleted what was over its time',
            );
        }
      },
      { name: 'retention' },
    );
    if (failures.length > 0) throw failures[0];
  };
  return { tasks: { [RETENTION_TASK]: prune }, cron: EVERY_HOUR };
}
