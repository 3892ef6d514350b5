import { fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@tributary/platform';
import { fileOfSuite } from './suite.ts';

/** A subgraph of Apollo's package, in a process of its own. */
export interface ApolloSubgraph {
  url: string;
  stop(): Promise<void>;
}

/** @throws when it does not start */
export async function startApolloSubgraph(name: 'users' | 'inventory'): Promise<ApolloSubgraph> {
  const port = await freePort();
  const child = fork(fileOfSuite(`dist/subgraphs/${name}/index.js`), {
    env: { PATH: process.env.PATH, [`${name.toUpperCase()}_PORT`]: String(port) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const early = exit.then(([code]) => {
    throw new Error(`Apollo's ${name} subgraph ended with ${code}`);
  });
  await Promise.race([once(child, 'message'), early]);
  early.catch(() => undefined); // later it is stopped
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
