import { performance } from 'node:perf_hooks';
import type { Logger } from '@tributary/platform';
import type { JobHelpers, TaskList } from 'graphile-worker';
import type { Task, Tasks } from '../task.ts';
import type { Outcome } from './job-metrics.ts';

/** Told of each try of a job. @param seconds - that it took */
export type Observe = (task: string, outcome: Outcome, seconds: number) => void;

/** Our tasks as Graphile Worker calls them. */
export const taskList = (tasks: Tasks, logger: Logger, observe: Observe): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, runTask(name, task, logger, observe)]),
  );

function runTask(name: string, task: Task, parent: Logger, observe: Observe) {
  return async (payload: unknown, { job, abortSignal }: JobHelpers): Promise<void> => {
    const start = performance.now();
    const logger = parent.child({ task: name, jobId: job.id });
    const lastAttempt = job.attempts >= job.max_attempts;
    const end = (outcome: Outcome) => observe(name, outcome, (performance.now() - start) / 1_000);
    try {
      await task(payload, { id: job.id, attempt: job.attempts, lastAttempt, signal: abortSignal, logger });
      end('done');
    } catch (error) {
      end(lastAttempt ? 'dead' : 'failed');
      const line = { err: error, attempt: job.attempts, maxAttempts: job.max_attempts };
      if (lastAttempt) logger.error(line, 'a job is dead; npm run jobs -- retry has it tried again');
      else logger.warn(line, 'a job failed; it is tried again');
      throw error;
    }
  };
}
