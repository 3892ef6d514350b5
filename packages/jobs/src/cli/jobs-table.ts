import Table from 'cli-table3';
import type { JobRecord } from '../operate.ts';

/** A job, with the database that has it. */
export interface ListedJob extends JobRecord {
  database: string;
}

const LONGEST_ERROR = 80; // characters

/** Jobs for people. */
export function jobsTable(jobs: readonly ListedJob[]): string {
  const table = new Table({
    head: ['job', 'task', 'state', 'tries', 'next try', 'last error'],
    style: { head: [], border: [] },
  });
  for (const job of jobs) {
    table.push([
      `${job.database}:${job.id}`,
      job.task,
      job.state,
      `${job.attempts} of ${job.maxAttempts}`,
      job.state === 'waiting' || job.state === 'retrying' ? job.runAt.toISOString() : '',
      (job.lastError ?? '').slice(0, LONGEST_ERROR),
    ]);
  }
  return table.toString();
}
