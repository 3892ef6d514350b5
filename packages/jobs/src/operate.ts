import { withClient } from '@tributary/database';

/** Where a job is in its life. */
export type JobState = 'waiting' | 'running' | 'retrying' | 'dead';

/** A job as operators see it. */
export interface JobRecord {
  id: string;
  task: string;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  /** When it is tried next; of no meaning for one that runs or is dead. */
  runAt: Date;
  /** One line of what the last try failed with. */
  lastError: string | null;
}

/**
 * Lists the jobs of a database that have not been done, the oldest first.
 *
 * @param url - connection string
 */
export const listJobs = (url: string): Promise<JobRecord[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<JobRecord>(`
      SELECT id::text, task_identifier AS task, attempts, max_attempts AS "maxAttempts", run_at AS "runAt",
        last_error AS "lastError",
        CASE
          WHEN locked_at IS NOT NULL THEN 'running'
          WHEN attempts >= max_attempts THEN 'dead'
          WHEN attempts > 0 THEN 'retrying'
          ELSE 'waiting'
        END AS state
      FROM graphile_worker.jobs ORDER BY graphile_worker.jobs.id`);
    return rows.map((job) => ({ ...job, lastError: job.lastError && essenceOf(job.lastError) }));
  });

/** Prisma's messages begin with the call and end with what the database said. */
const essenceOf = (message: string): string | null =>
  message
    .trim()
    .split(/\n\s*\n/)
    .at(-1)
    ?.split('\n')[0] ?? null;

/**
 * Has jobs tried again at once, with all their tries before them. Those that run are left alone.
 *
 * @param url - connection string
 * @param ids - of jobs
 * @returns the ids of those that were there and did not run
 */
export const retryJobs = (url: string, ids: readonly string[]): Promise<string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT id::text FROM graphile_worker.reschedule_jobs($1::bigint[], now(), NULL, 0, NULL)',
      [ids],
    );
    return rows.map(({ id }) => id);
  });
