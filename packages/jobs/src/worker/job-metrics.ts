import { Counter, Gauge, Histogram, type Logger, type Registry } from '@tributary/platform';
import type { Pool } from 'pg';

/** What became of a try. */
export type Outcome = 'done' | 'failed' | 'dead';

/** Counts what a worker does; the state of the queue is looked up when the metrics are asked for. */
export interface JobMetrics {
  /** @param seconds - that the try took */
  observe(task: string, outcome: Outcome, seconds: number): void;
}

export function createJobMetrics(registry: Registry, pool: Pool, logger: Logger): JobMetrics {
  const tries = new Counter({
    name: 'jobs_total',
    help: 'Tries of jobs by this process',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time of one try of a job',
    labelNames: ['task'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers: [registry],
  });
  new Gauge({
    name: 'jobs',
    help: 'Jobs that are not done: waiting for their time or their next try, running, or dead after their last',
    labelNames: ['task', 'state'],
    registers: [registry],
    async collect() {
      const counts = await countJobs(pool, logger);
      this.reset();
      for (const { task, state, count } of counts) this.set({ task, state }, count);
    },
  });
  return {
    observe(task, outcome, duration) {
      tries.inc({ task, outcome });
      seconds.observe({ task }, duration);
    },
  };
}

interface JobCount {
  task: string;
  state: 'waiting' | 'running' | 'dead';
  count: number;
}

/** Metrics are answered without these figures while the database is away. */
async function countJobs(pool: Pool, logger: Logger): Promise<JobCount[]> {
  try {
    const { rows } = await pool.query<JobCount>(`
      SELECT task_identifier AS task, count(*)::int,
        CASE WHEN locked_at IS NOT NULL THEN 'running' WHEN attempts >= max_attempts THEN 'dead' ELSE 'waiting' END AS state
      FROM graphile_worker.jobs GROUP BY 1, 3`);
    return rows;
  } catch (error) {
    logger.warn({ err: error }, 'the queue of jobs could not be counted');
    return [];
  }
}
