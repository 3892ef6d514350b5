import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, freePort } from '@tributary/platform';
import type { Scope } from './scope.ts';
import { superviseStart } from './supervise.ts';

/** The repository's root folder. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

export interface ServerProcessOptions {
  /** For messages, and of the profile's file. */
  name: string;
  /** The built program, from the repository's root. */
  program: string;
  /** Beside PATH and HOME, all it is told; `PORT` and `ADMIN_PORT` are chosen here. */
  env: Environment;
  /** Folder for a CPU profile of the whole life of the process; null for none. */
  profileDir: string | null;
  /** Ends the process. */
  scope: Scope;
}

/** A server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:port`, without a path. */
  url: string;
  /** Where `/metrics` is. */
  adminUrl: string;
}

/**
 * Starts a built service of this repository as production would, and waits until it is ready. It ends with this
 * process, however that ends: it was forked, and services watch for that.
 *
 * @throws Error with what it wrote when it ends before it is ready
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, program, env, profileDir, scope } = options;
  const [port, adminPort] = [await freePort(), await freePort()];
  const profile = profileDir
    ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`]
    : [];
  const child = fork(join(REPOSITORY, program), {
    cwd: REPOSITORY,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      SHUTDOWN_DELAY_MS: '0',
      LOG_LEVEL: 'warn',
      ...env,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
    },
    execArgv: profile,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  await superviseStart(child, name, scope, () => isReady(url));
  return { url, adminUrl: `http://127.0.0.1:${adminPort}` };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false, // not listening yet
  );
