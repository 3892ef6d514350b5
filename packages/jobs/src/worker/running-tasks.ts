import type { TaskList } from 'graphile-worker';

/** The tasks of one runner, and how many of them are at work. */
export interface RunningTasks {
  /** The tasks, counted. */
  taskList: TaskList;
  /** Whether none is at work now. */
  readonly isIdle: boolean;
  /** Resolves when none is at work; one that begins later is not waited for. */
  idle(): Promise<void>;
}

/** Counts the tasks that are at work, which a runner that broke down does not tell. */
export function countRunning(tasks: TaskList): RunningTasks {
  const running = new Set<Promise<unknown>>();
  const counted = Object.entries(tasks).map(([name, task]) => [
    name,
    async (...args: Parameters<NonNullable<typeof task>>) => {
      const work = Promise.resolve(task?.(...args));
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
  ]);
  return {
    taskList: Object.fromEntries(counted),
    get isIdle() {
      return running.size === 0;
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
