import { performance } from 'node:perf_hooks';
import {
  follow,
  type Logger,
  type TraceContext,
  type TraceHeaders,
  type Tracing,
  traceIdsOf,
  withTrace,
} from '@tributary/platform';
import type { Job, JobHelpers, TaskList } from 'graphile-worker';
import { withoutTrace } from '../job-trace.ts';
import type { Task, Tasks } from '../task.ts';
import type { Outcome } from './job-metrics.ts';

/** Told of each try of a job. @param seconds - that it took */
export type Observe = (task: string, outcome: Outcome, seconds: number) => void;

/** What tasks are run with. */
export interface TaskOptions {
  logger: Logger;
  observe: Observe;
  /** Null when nothing is traced. */
  tracing: Tracing | null;
}

/** Our tasks as Graphile Worker calls them. */
export const taskList = (tasks: Tasks, options: TaskOptions): TaskList =>
  Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, runTask(name, task, options)]));

function runTask(name: string, task: Task, { logger: parent, observe, tracing }: TaskOptions) {
  const run = async (payload: unknown, { job, abortSignal }: JobHelpers, trace: TraceContext | null) => {
    const start = performance.now();
    const logger = parent.child({ task: name, jobId: job.id, ...traceIdsOf(trace?.span) });
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
  return async (given: unknown, helpers: JobHelpers): Promise<void> => {
    const { payload, trace: asked } = withoutTrace(given);
    if (!tracing) return run(payload, helpers, null);
    const trace = beginJob(tracing, name, helpers.job, asked);
    const { span } = trace;
    return withTrace(trace, () =>
      span ? follow(span, () => run(payload, helpers, trace)) : run(payload, helpers, trace),
    );
  };
}

/** The first try is a part of the trace that asked for the job; a later one may come days after its end, and is linked. */
function beginJob(tracing: Tracing, name: string, job: Job, asked: TraceHeaders | null): TraceContext {
  const isFirst = job.attempts <= 1;
  return tracing.begin(`job ${name}`, {
    kind: 'consumer',
    parent: isFirst ? asked : null,
    link: !isFirst && asked ? { headers: asked, decides: true } : null,
    attributes: {
      'messaging.system': 'graphile_worker',
      'messaging.operation.type': 'process',
      'messaging.destination.name': name,
      'messaging.message.id': job.id,
      'tributary.job.attempt': job.attempts,
    },
  });
}
