import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pinned } from '../pinned.ts';
import type { Scope } from '../scope.ts';
import { REPOSITORY } from '../server-process.ts';
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
  const [execPath, ...execArgv] = pinned(core, [process.execPath]);
  const worker = fork(join(REPOSITORY, 'bench/dist/harness/load/worker.js'), { execPath, execArgv });
  const exited = new Promise<void>((resolve) => {
    worker.once('error', () => resolve());
    worker.once('exit', () => resolve());
  });
  scope.own(async () => {
    worker.kill('SIGKILL');
    await exited;
  });
  return {
    pid: worker.pid ?? 0,
    run(order) {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load generator ended'));
        worker.once('exit', ended);
        worker.once('message', (reply: LoadReply) => {
          worker.off('exit', ended);
          if ('error' in reply) reject(new Error(reply.error));
          else resolve(reply.result);
        });
        worker.send(order);
      });
    },
  };
}
