import type { Logger } from '@tributary/platform';

/** What a task knows of the job that it works on. */
export interface JobContext {
  /** The job's id, as `npm run jobs` shows it. */
  id: string;
  /** Which try this is, from 1. */
  attempt: number;
  /** Whether the job is dead when this try fails. */
  lastAttempt: boolean;
  /** Aborted when the worker has to end before the job has. */
  signal: AbortSignal;
  /** With the task and the job's id on every line. */
  logger: Logger;
}

/**
 * Does one kind of job. It may be called again for a job that it has done: the process may have died between the
 * work and the note that it was done.
 *
 * @param payload - as it was added, out of JSON; the task checks it
 * @throws to be called again later
 */
export type Task = (payload: unknown, job: JobContext) => Promise<void>;

/** Tasks by name. */
export type Tasks = Readonly<Record<string, Task>>;

/** A job that is added when its time has come, once in all processes together. */
export interface CronJob {
  /** Name of the task; its payload is of no use. */
  task: string;
  /** Minute, hour, day, month and day of the week in UTC, as in crontab(5). */
  match: string;
}
export type Cron = readonly CronJob[];
