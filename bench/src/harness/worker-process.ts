import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pinned } from './pinned.ts';
import type { Scope } from './scope.ts';
import { REPOSITORY } from './server-process.ts';

export interface WorkerProcessOptions {
  /** For messages. */
  name: string;
  /** The built program, from the repository's root. */
  program: string;
  /** What it is told when it starts. @default nothing */
  args?: readonly string[];
  /** The one that it stays on; null for any. */
  core: number | null;
  /** Ends the process. */
  scope: Scope;
}

/** A program of the harness in a process of its own, which carries out one order after the other. */
export interface WorkerProcess<Order, Reply> {
  pid: number;
  /** The next message, such as the one that it has started. @throws Error when it tells of one, or ends */
  next<One extends Reply>(): Promise<One>;
  /** Gives an order; wait for its reply before the next. @throws Error as `next` */
  give<One extends Reply>(order: Order): Promise<One>;
}

/** Starts a program that measures, or is there to be measured with, beside the servers. */
export function startWorkerProcess<Order extends object, Reply extends object>({
  name,
  program,
  args = [],
  core,
  scope,
}: WorkerProcessOptions): WorkerProcess<Order, Reply> {
  const [execPath, ...execArgv] = pinned(core, [process.execPath]);
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = fork(join(REPOSITORY, program), args, { execPath, execArgv, env });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  scope.own(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const next = <One extends Reply>(): Promise<One> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: One | { error: string }) => {
        if ('error' in message) reject(new Error(message.error));
        else resolve(message);
      });
      void exited.then(() => reject(new Error(`the process of ${name} ended`)));
    });
  return {
    pid: child.pid ?? 0,
    next,
    give: (order) => {
      child.send(order);
      return next();
    },
  };
}
