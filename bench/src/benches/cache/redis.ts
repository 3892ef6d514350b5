import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from '@tributary/platform';
import { pinned } from '../../harness/pinned.ts';
import type { Scope } from '../../harness/scope.ts';
import { superviseStart } from '../../harness/supervise.ts';

/**
 * The Redis of `REDIS_URL`, or one that is started for the benchmark.
 *
 * @param core - the one that it stays on; null for any
 * @returns its URL; null when there is none
 */
export async function startRedis(scope: Scope, core: number | null): Promise<string | null> {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await freePort();
  const [command, ...args] = pinned(core, [
    'redis-server',
    ...['--port', String(port)],
    ...['--bind', '127.0.0.1'],
    ...['--save', ''],
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  await superviseStart(child, 'redis-server', scope, () => listens(port));
  return `redis://127.0.0.1:${port}`;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
