import { withClient } from '@tributary/database';
import type { Cron, Tasks } from '@tributary/jobs';
import type { Logger, Registry } from '@tributary/platform';
import type pg from 'pg';
import { archivePartitions } from './archive-partitions.ts';
import { makePartitions } from './make-partitions.ts';
import type { MonthlyTables } from './monthly-tables.ts';
import { showPartitionsAhead } from './partition-metrics.ts';

/** Every night, so that what fails has three months to be seen. */
const EVERY_NIGHT: Cron = [{ task: 'partitions.keep', match: '23 3 * * *' }];

/** Sees to it that there are partitions for the months to come, and moves old ones to the archive. */
export interface PartitionKeeper {
  tasks: Tasks;
  cron: Cron;
  /** Does it once, in the background, for a process that starts; what fails is logged, and tried again by the job. */
  begin(): void;
  /** Leaves what was begun and has not ended. */
  stop(): Promise<void>;
}

/**
 * @param url - of the database; the role in it must own the tables
 * @param groups - the tables; without any, there is nothing to keep
 */
export function createPartitionKeeper(
  url: string,
  groups: readonly MonthlyTables[],
  { logger, metrics }: { logger: Logger; metrics: Registry },
): PartitionKeeper {
  if (groups.length === 0)
    return { tasks: {}, cron: [], begin: () => undefined, stop: async () => undefined };
  showPartitionsAhead(url, groups, { logger, metrics });
  const stopping = new AbortController();
  const { signal } = stopping;
  let begun: Promise<void> | undefined;
  return {
    tasks: {
      'partitions.keep': (_payload, job) => keepPartitions({ url, groups, logger, signal: job.signal }),
    },
    cron: EVERY_NIGHT,
    begin() {
      begun = keepPartitions({ url, groups, logger, signal }).catch((error: unknown) => {
        if (signal.aborted) return;
        logger.warn({ err: error }, 'the partitions were not looked after; a job does it at night');
      });
    },
    async stop() {
      stopping.abort();
      await begun;
    },
  };
}

export interface KeepOptions {
  /** Of the database; the role in it must own the tables. */
  url: string;
  groups: readonly MonthlyTables[];
  logger: Logger;
  /** Ends it in between. */
  signal?: AbortSignal;
  /** @default the present moment */
  now?: Date;
}

/**
 * Makes partitions, then moves old ones. Any number of processes may do so at the same time; one of them does it.
 *
 * @throws what failed first, after everything was tried
 */
export async function keepPartitions(options: KeepOptions): Promise<void> {
  const { url, groups, logger, signal, now = new Date() } = options;
  const failures: unknown[] = [];
  const keep = async (client: pg.Client) => {
    const steps = groups.flatMap((group) => [
      () => makePartitions(client, group, now, logger),
      () => archivePartitions(client, group, now, logger),
    ]);
    for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  };
  await withClient(url, keep, { name: 'partitions', signal });
  if (failures.length > 0) throw failures[0];
}
