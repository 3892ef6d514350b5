import { z } from 'zod';

/** A table whose rows are deleted when their time is over. All texts are SQL of the programmer's, never of a client's. */
export interface RetainedTable {
  /** Name, with its schema where that is not `public`. */
  table: string;
  /** Columns of the primary key. */
  key: readonly [string, ...string[]];
  /** Expression of the moment from which a row's time runs; an index begins with it. Null: not yet. */
  since: string;
  /** What `since` is: a `timestamptz`, or Unix time in milliseconds. @default 'timestamptz' */
  clock?: 'timestamptz' | 'milliseconds';
  /** Days from `since` until a row is deleted; 0 where `since` is the end itself. */
  days: number;
  /** The setting that says how long rows are kept. */
  setting: string;
  /** Condition on a row that may be deleted: what is in use is not. It is looked at again once the row is locked. @default all */
  where?: string;
  /** Tables whose rows go with it, by the column that has the first of `key`, where no foreign key cascades. */
  dependents?: readonly { table: string; column: string }[];
  /** GraphQL type of the rows, whose ids are the first of `key`: kept answers about them are forgotten. */
  evicts?: string;
}

const MOST_DAYS = 36_500; // a hundred years

/**
 * A setting of days that rows are kept.
 *
 * @param min - fewest days, where less would break what clients or services were promised
 */
export const retentionDays = ({ usual, min = 1 }: { usual: number; min?: number }) =>
  z.coerce.number().int().min(min).max(MOST_DAYS).default(usual);

/**
 * Jobs that are dead, in the queue of any service.
 *
 * @param days - since their last try
 * @param keptTasks - names of tasks whose dead jobs stay until somebody has them tried again: the work is owed to a person
 */
export const deadJobs = (days: number, keptTasks: readonly string[] = []): RetainedTable => ({
  table: 'graphile_worker._private_jobs',
  key: ['id'],
  since: 'updated_at',
  days,
  setting: 'DEAD_JOB_RETENTION_DAYS',
  where: ['attempts >= max_attempts', 'locked_at IS NULL', ...keptTasks.map(isOtherTask)].join(' AND '),
});

const isOtherTask = (task: string): string =>
  `task_id NOT IN (SELECT id FROM graphile_worker._private_tasks WHERE identifier = '${task.replaceAll("'", "''")}')`;
