import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@tributary/platform';
import type { Pool, QueryConfig } from 'pg';

/** The jobs of one task in one state. */
export interface JobCount {
  task: string;
  state: 'waiting' | 'running' | 'dead';
  count: number;
  /** Seconds since the oldest of them was due; null where none is yet. */
  overdue: number | null;
}

const TIMEOUT = 1_000; // 1 second: who asks for metrics is not kept waiting by a database that does not answer

/**
 * Prepares the counting of jobs. Those who ask while it is counted are given the same figures.
 *
 * @returns what is not done; null while the database does not tell
 */
export function createQueueState(pool: Pool, logger: Logger): () => Promise<readonly JobCount[] | null> {
  let underWay: Promise<JobCount[]> | undefined;
  const count = () => {
    underWay ??= countJobs(pool).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return async () => {
    try {
      return await Promise.race([count(), tooLong()]);
    } catch (error) {
      logger.warn({ err: error }, 'the queue of jobs could not be counted');
      return null;
    }
  };
}

async function countJobs(pool: Pool): Promise<JobCount[]> {
  const { rows } = await pool.query<JobCount>(COUNT);
  return rows;
}

/** Not in the types of `pg`; a connection that leads nowhere is ended by it. */
const COUNT: QueryConfig & { query_timeout: number } = {
  query_timeout: TIMEOUT,
  text: `
    SELECT task_identifier AS task, count(*)::int,
      CASE WHEN locked_at IS NOT NULL THEN 'running' WHEN attempts >= max_attempts THEN 'dead' ELSE 'waiting' END AS state,
      EXTRACT(EPOCH FROM now() - min(run_at) FILTER (WHERE run_at <= now()))::float8 AS overdue
    FROM graphile_worker.jobs GROUP BY 1, 3`,
};

async function tooLong(): Promise<never> {
  await sleep(TIMEOUT, undefined, { ref: false });
  throw new Error(`no answer within ${TIMEOUT} ms`);
}
