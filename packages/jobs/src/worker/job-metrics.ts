import { Counter, Gauge, Histogram, type Registry } from '@tributary/platform';
import type { JobCount } from './queue-state.ts';

/** What became of a try. */
export type Outcome = 'done' | 'failed' | 'dead';

/** Counts what a worker does; the state of the queue is looked up when the metrics are asked for. */
export interface JobMetrics {
  /** @param seconds - that the try took */
  observe(task: string, outcome: Outcome, seconds: number): void;
}

/**
 * Registers the figures of jobs.
 *
 * @param queueState - tells what is not done when somebody reads the figures; null while it is not known
 */
export function createJobMetrics(
  registry: Registry,
  queueState: () => Promise<readonly JobCount[] | null>,
): JobMetrics {
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
      const counts = await queueState();
      this.reset();
      for (const { task, state, count } of counts ?? []) this.set({ task, state }, count);
    },
  });
  new Gauge({
    name: 'job_oldest_due_seconds',
    help: 'How long the oldest job of a task has been due that is not done: it waits for a worker, or still runs',
    labelNames: ['task'],
    registers: [registry],
    async collect() {
      const counts = await queueState();
      this.reset();
      for (const [task, seconds] of longestOverdue(counts ?? [])) this.set({ task }, seconds);
    },
  });
  return {
    observe(task, outcome, duration) {
      tries.inc({ task, outcome });
      seconds.observe({ task }, duration);
    },
  };
}

/** By task; a dead job is not due any more, and a task that has only jobs for later has 0. */
function longestOverdue(counts: readonly JobCount[]): ReadonlyMap<string, number> {
  const byTask = new Map<string, number>();
  for (const { task, state, overdue } of counts)
    if (state !== 'dead') byTask.set(task, Math.max(byTask.get(task) ?? 0, overdue ?? 0));
  return byTask;
}
