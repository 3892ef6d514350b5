import { createLogger, createMetrics } from '@tributary/platform';
import { type JobWorker, startWorker, type Tasks, type WorkerOptions } from '../src/index.ts';

/** Waits until something holds, for 20 seconds at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A promise that is settled from outside. */
export function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

export const startTestWorker = (
  url: string,
  tasks: Tasks,
  options: Partial<WorkerOptions> = {},
): Promise<JobWorker> =>
  startWorker({
    url,
    service: 'test',
    tasks,
    concurrency: 2,
    logger: createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
    metrics: createMetrics('test'),
    ...options,
  });
