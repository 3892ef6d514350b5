import { fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '@tributary/platform';
import { pinned } from '../../../harness/pinned.ts';
import type { Side } from '../../../harness/scenario.ts';
import { REPOSITORY } from '../../../harness/server-process.ts';
import { superviseStart } from '../../../harness/supervise.ts';
import type { Recording, ReplayOrder } from '../replay/protocol.ts';
import { type GatewayOptions, sideOf } from './side.ts';

/** Names of the two in the rows. */
export const FLOOR = 'floor';
export const BARE = 'bare-http';

/** The floor: a proxy in Node that makes the calls our gateway makes by heart, with undici. */
export const startFloor = (options: GatewayOptions, recordings: Recording[]): Promise<Side> =>
  start(FLOOR, options.subgraphs.origin, options, recordings);

/** A bare `node:http` server that sends the same bytes, and makes no calls. */
export const startBare = (options: GatewayOptions, recordings: Recording[]): Promise<Side> =>
  start(BARE, null, options, recordings);

async function start(
  name: string,
  origin: string | null,
  options: GatewayOptions,
  recordings: Recording[],
): Promise<Side> {
  const { core, scope } = options;
  const port = await freePort();
  const [execPath, ...execArgv] = pinned(core, [process.execPath]);
  const program = join(REPOSITORY, 'bench/dist/benches/gateway/replay/main.js');
  const child = fork(program, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  const order: ReplayOrder = { subgraphs: origin, port, recordings };
  child.send(order);
  let listens = false;
  child.once('message', () => {
    listens = true;
  });
  const requireAlive = await superviseStart(child, name, scope, async () => listens);
  return sideOf(name, url, { pid: child.pid ?? 0, requireAlive }, options);
}
