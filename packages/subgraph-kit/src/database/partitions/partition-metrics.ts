import { withClient } from '@tributary/database';
import { Gauge, type Logger, type Registry } from '@tributary/platform';
import type { MonthlyTables } from './monthly-tables.ts';
import { monthsBetween } from './months.ts';
import { readPartitions } from './read-partitions.ts';

/** How long is believed what was read; other processes make partitions too, by the month. */
const FRESH = 3_600_000; // 1 hour

/** Shows for each table for how many months it has partitions, looked up when the metrics are asked for. */
export function showPartitionsAhead(
  url: string,
  groups: readonly MonthlyTables[],
  { logger, metrics }: { logger: Logger; metrics: Registry },
): void {
  let readAt = Number.NEGATIVE_INFINITY;
  let ready = new Map<string, Date>();
  new Gauge({
    name: 'db_partitions_ahead',
    help: 'Months after the present one that a table has partitions for; negative when the present one has none',
    labelNames: ['table'],
    registers: [metrics],
    async collect() {
      if (performance.now() - readAt > FRESH) {
        try {
          ready = await readReady(url, groups);
          readAt = performance.now();
        } catch (error) {
          logger.warn({ err: error }, 'the partitions could not be counted');
        }
      }
      this.reset();
      const now = new Date();
      for (const [table, until] of ready) this.set({ table }, monthsBetween(now, until) - 1);
    },
  });
}

/** By table, the moment up to which it has partitions. */
const readReady = (url: string, groups: readonly MonthlyTables[]): Promise<Map<string, Date>> =>
  withClient(url, async (client) => {
    const ready = new Map<string, Date>();
    // The oldest come first.
    for (const group of groups)
      for (const { table, until } of await readPartitions(client, group)) ready.set(table, until);
    return ready;
  });
