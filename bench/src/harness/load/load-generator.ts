import type { Scope } from '../scope.ts';
import { startWorkerProcess } from '../worker-process.ts';
import type { LoadOrder, LoadReply, LoadResult } from './protocol.ts';

/** Sends requests from a process of its own, so that measuring costs the servers and the harness nothing. */
export interface LoadGenerator {
  /** Its process id. */
  pid: number;
  /** Carries out one order; wait for it before the next. @throws Error when an answer is wrong */
  run(order: LoadOrder): Promise<LoadResult>;
}

/** Starts the load generator's process. @param core - the one that it stays on; null for any */
export function startLoadGenerator(scope: Scope, core: number | null = null): LoadGenerator {
  const { pid, give } = startWorkerProcess<LoadOrder, LoadReply>({
    name: 'the load generator',
    program: 'bench/dist/harness/load/worker.js',
    core,
    scope,
  });
  return {
    pid,
    run: async (order) => (await give<{ result: LoadResult }>(order)).result,
  };
}
