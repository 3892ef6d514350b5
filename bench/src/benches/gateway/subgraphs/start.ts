import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pinned } from '../../../harness/pinned.ts';
import type { Scope } from '../../../harness/scope.ts';
import { REPOSITORY } from '../../../harness/server-process.ts';
import type { Call, SubgraphsOrder, SubgraphsReply } from './protocol.ts';

/** The subgraphs, running in a process of their own. */
export interface Subgraphs {
  /** `http://127.0.0.1:port`; a subgraph's path is its name. */
  origin: string;
  /** The process's id. */
  pid: number;
  /** Requests that they had so far. */
  count(): Promise<number>;
  /** Does work that asks a gateway something. @returns the calls that the gateway made for it */
  record(work: () => Promise<unknown>): Promise<Call[]>;
}

/** Starts the subgraphs. @param core - the one that they stay on; null for any */
export async function startSubgraphs(scope: Scope, core: number | null): Promise<Subgraphs> {
  const [execPath, ...execArgv] = pinned(core, [process.execPath]);
  const program = join(REPOSITORY, 'bench/dist/benches/gateway/subgraphs/main.js');
  const child = fork(program, { execPath, execArgv, env: { ...process.env, NODE_ENV: 'production' } });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  scope.own(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  /** Replies come in the order of the orders; nobody gives one before the last was answered. */
  const reply = <Reply extends SubgraphsReply>(): Promise<Reply> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      void exited.then(() => reject(new Error('the subgraphs’ process ended')));
    });
  const give = <Reply extends SubgraphsReply>(order: SubgraphsOrder): Promise<Reply> => {
    child.send(order);
    return reply<Reply>();
  };

  const { port } = await reply<{ port: number }>();
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    count: async () => (await give<{ count: number }>({ order: 'count' })).count,
    async record(work) {
      await give({ order: 'record' });
      await work();
      return (await give<{ calls: Call[] }>({ order: 'recorded' })).calls;
    },
  };
}
