import { createLogger } from '@tributary/platform';
import { runOnce } from 'graphile-worker';
import type { Tasks } from './task.ts';
import { taskList } from './worker/task-list.ts';
import { workerLogger } from './worker/worker-logger.ts';

/**
 * Does all jobs that are due, and those that they add, until there is none; for tests. A job that fails waits for its
 * next time, as ever.
 *
 * @param url - connection string of the database that has the queue
 */
export async function runJobsOnce(url: string, tasks: Tasks): Promise<void> {
  const logger = createLogger({ name: 'jobs', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  await runOnce({
    connectionString: url,
    noHandleSignals: true,
    taskList: taskList(tasks, { logger, observe: () => undefined, tracing: null }),
    logger: workerLogger(logger),
  });
}
