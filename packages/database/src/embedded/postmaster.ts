import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '@tributary/platform';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { processInfo } from './process-info.ts';
import { runProgram } from './run-program.ts';
import type { ServerUser } from './server-user.ts';

/** Seconds that the server may take to come up, which after a crash includes replaying its log. */
const START_TIMEOUT = 120;

/** Thrown when another program has the port. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
}

/**
 * Starts the server of a cluster and returns when it takes connections.
 *
 * @throws PortTakenError
 * @throws StartupError with the reason from the server's log
 */
export async function startPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<void> {
  if (await stat(cluster.log).catch(() => undefined)) await rename(cluster.log, `${cluster.log}.previous`);
  const { code, stderr } = await runProgram(
    binaries.pgCtl,
    ['start', '--wait', `--timeout=${START_TIMEOUT}`, `--pgdata=${cluster.data}`, `--log=${cluster.log}`],
    user,
    cluster.home,
  );
  if (code === 0) return;
  const log = await readFile(cluster.log, 'utf8').catch(() => stderr);
  if (/could not bind .*(Address already in use|in use)/.test(log)) throw new PortTakenError();
  const reason = log.split('\n').find((line) => /FATAL|PANIC/.test(line)) ?? stderr.split('\n')[0];
  throw new StartupError(`DATA_DIR: PostgreSQL did not start: ${reason} (see ${cluster.log})`);
}

/** Stops the server of a cluster: sessions are ended, the data is left clean on the disk. */
export async function stopPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  user: ServerUser | undefined,
  mode: 'fast' | 'immediate' = 'fast',
): Promise<void> {
  const pid = await runningPostmaster(cluster);
  if (pid === undefined) return;
  const { code, stderr } = await runProgram(
    binaries.pgCtl,
    ['stop', '--wait', '--timeout=60', `--mode=${mode}`, `--pgdata=${cluster.data}`],
    user,
    cluster.home,
  );
  if (code !== 0 && (await runningPostmaster(cluster))) throw new Error(`PostgreSQL did not stop: ${stderr}`);
  while (await processInfo(pid)) await sleep(10); // pg_ctl returns when the server is about to exit
}

/**
 * The id of the server process that runs on a cluster.
 *
 * After a power cut the id in `postmaster.pid` may be another program's by now. PostgreSQL would not start
 * then, so such a file is removed.
 */
export async function runningPostmaster(cluster: Cluster): Promise<number | undefined> {
  const file = join(cluster.data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const pid = Number.parseInt(text, 10);
  const info = pid > 0 ? await processInfo(pid) : undefined;
  if (info && (process.platform === 'win32' || info.command.includes(cluster.data))) return pid;
  await rm(file, { force: true });
  return undefined;
}
