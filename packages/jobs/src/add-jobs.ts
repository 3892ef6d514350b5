import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { currentTrace } from '@tributary/platform';
import { traceInPayload } from './job-trace.ts';

/** A Prisma client or transaction, as far as it runs statements. */
export interface Executor {
  $executeRaw(statement: Sql): PromiseLike<number>;
}

/** Work to be done after the commit. */
export interface NewJob {
  /** Name of the task that does it, such as `stock.confirm`. */
  task: string;
  /** What the task is told; becomes JSON. */
  payload: object;
  /** While a job with this key waits, another one with it takes its place instead of joining it. */
  key?: string;
  /** Not before this time. @default now */
  runAt?: Date;
  /** Tries until it is dead; the pauses between them grow to six hours. @default 25, which takes about three days */
  maxAttempts?: number;
  /** Jobs of one queue run one after the other. */
  queue?: string;
  /** Of jobs that are due, those with the smallest number come first. @default 0 */
  priority?: number;
}

/**
 * Adds jobs in the caller's transaction, by one statement: they are there when it commits, and never were when it
 * rolls back. They are a part of the trace in which they are asked for.
 *
 * @param transaction - the transaction of the change that asks for them
 */
export async function addJobs(transaction: Executor, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const specs = currentTrace()
    ? jobs.map((job) => ({ ...job, payload: { ...job.payload, ...traceInPayload() } }))
    : jobs;
  await transaction.$executeRaw(sql`
    SELECT FROM graphile_worker.add_jobs((
      SELECT array_agg((
        job->>'task', (job->'payload')::json, job->>'queue', (job->>'runAt')::timestamptz,
        (job->>'maxAttempts')::smallint, job->>'key', (job->>'priority')::smallint, NULL
      )::graphile_worker.job_spec)
      FROM jsonb_array_elements(${JSON.stringify(specs)}::jsonb) AS job
    ))`);
}

/** As `addJobs`, with one job. */
export const addJob = (transaction: Executor, job: NewJob): Promise<void> => addJobs(transaction, [job]);

/**
 * An expression that adds a job within the statement that makes the change: for changes of one statement.
 *
 * @param payload - an expression of type `json`
 */
export const jobInStatement = (
  { task, priority = 0 }: Pick<NewJob, 'task' | 'priority'>,
  payload: Sql,
): Sql => sql`
  (SELECT job.id FROM graphile_worker.add_job(
    ${task}::text, ${currentTrace() ? traced(payload) : payload}, priority => ${priority}::integer
  ) AS job)`;

const traced = (payload: Sql): Sql =>
  sql`((${payload})::jsonb || ${JSON.stringify(traceInPayload())}::jsonb)::json`;
