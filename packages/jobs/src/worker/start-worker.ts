import { openPool } from '@tributary/database';
import type { Logger, Registry, Tracing } from '@tributary/platform';
import { parseCronItems } from 'graphile-worker';
import type { Cron, Tasks } from '../task.ts';
import { type HeartbeatOptions, startHeartbeat } from './heartbeat.ts';
import { createJobMetrics } from './job-metrics.ts';
import { keepRunning } from './keep-running.ts';
import { createQueueState } from './queue-state.ts';
import { taskList } from './task-list.ts';
import { workerLogger } from './worker-logger.ts';

export interface WorkerOptions {
  /** Connection string of the database that has the queue. */
  url: string;
  /** The service whose queue it is. */
  service: string;
  tasks: Tasks;
  cron?: Cron | undefined;
  /** Jobs that are worked on at once. */
  concurrency: number;
  logger: Logger;
  metrics: Registry;
  /** @default nothing is traced */
  tracing?: Tracing | null | undefined;
  /** Milliseconds that running jobs get at a stop before they are told to give up. @default 5000 */
  abortAfter?: number;
  heartbeat?: HeartbeatOptions | undefined;
  /** Milliseconds that the database gets to answer on a new connection. @default 5000 */
  connectWithin?: number;
}

/** Works on jobs. */
export interface JobWorker {
  /** Takes no more jobs, waits for those it works on, and ends. */
  stop(): Promise<void>;
}

const ABORT_AFTER = 5_000; // 5 seconds
const BESIDE_JOBS = 2; // connections: one that listens for new jobs, one that takes them

/**
 * Works on the jobs of a database until it is stopped. New jobs are announced by the database; the queue is looked
 * at every two seconds besides. It outlives an outage of the database.
 *
 * @throws when the database cannot be reached, or has no queue
 */
export async function startWorker(options: WorkerOptions): Promise<JobWorker> {
  const { url, tasks, cron = [], concurrency, logger, metrics, tracing = null } = options;
  const { abortAfter = ABORT_AFTER, service, connectWithin } = options;
  const open = (max: number) => openPool({ url, max, name: `${service} jobs`, connectWithin });
  const pool = open(1);
  const { observe } = createJobMetrics(metrics, createQueueState(pool, logger));
  const runner = await keepRunning(
    {
      openPool: () => open(concurrency + BESIDE_JOBS),
      unlock: async (poolIds) =>
        void (await pool.query('SELECT graphile_worker.force_unlock_workers($1)', [poolIds])),
      concurrency,
      noHandleSignals: true,
      taskList: taskList(tasks, { logger, observe, tracing }),
      parsedCronItems: parseCronItems(
        // A job that is still to be done is not joined by another of its kind.
        cron.map(({ task, match }) => ({ task, match, options: { jobKey: `cron ${task}` } })),
      ),
      logger: workerLogger(logger),
      preset: {
        worker: {
          gracefulShutdownAbortTimeout: abortAfter,
          // Only what is noted in batches is waited for at a stop.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    },
    logger,
  );
  const heartbeat = startHeartbeat(pool, runner.poolIds, logger, options.heartbeat);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await runner.stop();
    await heartbeat.stop();
    await pool.end();
  };
  await heartbeat.beat().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
