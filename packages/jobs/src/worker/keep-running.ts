import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@tributary/platform';
import { type Runner, type RunnerOptions, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { countRunning, type RunningTasks } from './running-tasks.ts';

/** A runner of Graphile Worker, and those that took its place. */
export interface KeptRunner {
  /** Of the pools in whose names jobs may be locked by this process; one that has ended is not among them. */
  poolIds: ReadonlySet<string>;
  /** Takes no more jobs, and waits for those that run. Call it once. */
  stop(): Promise<void>;
}

/** What differs from one runner to the next. */
export interface KeepRunningOptions extends Omit<RunnerOptions, 'events' | 'pgPool' | 'taskList'> {
  taskList: TaskList;
  /** Makes the connections of one runner, which are ended with it. */
  openPool(): Pool;
  /** Gives back the jobs that are locked in the names of pools that have ended: by then nobody works on them. */
  unlock(poolIds: readonly string[]): Promise<void>;
  /** Milliseconds that a runner without tasks at work gets to end. @default 5000 */
  endWithin?: number;
}

const PAUSE = 2_000; // 2 seconds before another one is started, or something is tried again
const END_WITHIN = 5_000; // 5 seconds

/**
 * Keeps a runner running. By itself one ends for good when it cannot note that a job is done or has failed, never finds a
 * job when its first look for the names of its tasks fails, and keeps jobs locked that it was given by an answer that was
 * lost: each happens when the database is away for a moment. Another one takes its place then; jobs that the first still
 * works on come to their end. Neither is one waited for that never ends, as it happens when its connections break while
 * it shuts down.
 *
 * @throws when the database cannot be reached at the start
 */
export async function keepRunning(
  { openPool, unlock, taskList, endWithin = END_WITHIN, ...options }: KeepRunningOptions,
  logger: Logger,
): Promise<KeptRunner> {
  const poolIds = new Set<string>();
  const ends = new Set<Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = () => sleep(PAUSE, undefined, { signal }).catch(() => undefined);

  const start = async () => {
    const events = new EventEmitter() as WorkerEvents;
    const own: string[] = [];
    events.on('pool:create', ({ workerPool: { id } }) => {
      own.push(id);
      poolIds.add(id);
    });
    events.on('pool:release', ({ workerPool }) => poolIds.delete(workerPool.id));
    let shutsDown = false;
    events.on('pool:gracefulShutdown', () => {
      shutsDown = true;
    });
    const broken = breakdown(events);
    const pgPool = openPool();
    const tasks = countRunning(taskList);
    const runner = await run({ ...options, taskList: tasks.taskList, pgPool, events }).catch(
      async (error: unknown) => {
        await pgPool.end();
        throw error;
      },
    );
    const asked = signal.aborted ? Promise.resolve(undefined) : once(signal, 'abort').then(() => undefined);
    const ending = Promise.race([asked, broken]).then(async (how) => {
      if (how && !signal.aborted) {
        logger.error({ reason: how }, 'the worker of jobs broke down; another takes its place');
        track(startAgain());
        // Ended at the moment when its connections break, it would release one of them twice and throw where nobody
        // catches it.
        await pause();
      }
      const ended = endOf(runner, shutsDown)
        .catch((error: unknown) => logger.warn({ err: error }, 'a worker of jobs ended with an error'))
        .then(() => pgPool.end());
      const hasEnded = await endsWithin(ended, tasks, endWithin);
      if (!hasEnded) {
        logger.warn('a worker of jobs does not end; it is left behind, and what it had locked is given back');
        for (const id of own) poolIds.delete(id);
      }
      if (how || !hasEnded) await giveBack(own);
    });
    track(ending);
  };
  /** What a runner could not note as done or failed is locked still; by itself that would be noticed much later. */
  const giveBack = async (ids: readonly string[]) => {
    for (;;) {
      try {
        return await unlock(ids);
      } catch (error) {
        logger.warn({ err: error }, 'the jobs of a worker that broke down are locked still');
        // Others see by its heartbeat, later, that nobody works on them.
        if (signal.aborted) return;
        await pause();
      }
    }
  };
  const startAgain = async () => {
    while (!signal.aborted) {
      await pause();
      if (signal.aborted) return;
      try {
        return await start();
      } catch (error) {
        logger.warn({ err: error }, 'the worker of jobs could not be started; trying again');
      }
    }
  };
  const track = (work: Promise<void>) => {
    const end = work.finally(() => ends.delete(end));
    ends.add(end);
  };

  await start();
  return {
    poolIds,
    async stop() {
      stopping.abort();
      // A start that was under way adds a runner, which ends at once.
      while (ends.size > 0) await Promise.all(ends);
    },
  };
}

type Breakdown = 'it shut down' | 'it could not look for jobs';

/** Settled when a runner is of no more use, or is stopped. */
function breakdown(events: WorkerEvents): Promise<Breakdown> {
  return new Promise((resolve) => {
    // The database may have locked jobs for it whose names were lost on the way: nobody would do them, as it lives.
    events.on('worker:getJob:error', () => resolve('it could not look for jobs'));
    events.on('pool:gracefulShutdown', () => resolve('it shut down'));
  });
}

/** @returns whether the end came; once no task is at work, it is waited for no longer than so many milliseconds */
async function endsWithin(ended: Promise<void>, tasks: RunningTasks, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const tooLong = (async () => {
    do {
      await tasks.idle();
      await sleep(ms, undefined, { signal });
    } while (!tasks.isIdle);
  })();
  try {
    return await Promise.race([ended.then(() => true), tooLong.then(() => false)]);
  } finally {
    waiting.abort();
    // What becomes of it later, or of the wait, is no matter any more.
    void Promise.allSettled([ended, tooLong]);
  }
}

/** Ends a runner. One that shuts down already is left to do so: its connections are for the jobs that still run. */
async function endOf(runner: Runner, shutsDown: boolean): Promise<void> {
  if (shutsDown) await runner.promise;
  else await runner.stop();
}
