import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@tributary/platform';

/** What can be started in a process of its own. */
export type ServiceName = 'gateway' | 'users' | 'products' | 'orders';

/** A service in a process of its own, which can be killed. */
export interface ServiceProcess {
  /** Another one after each restart. */
  readonly pid: number;
  /** Stays the same when it is started again. */
  readonly url: string;
  readonly adminUrl: string;
  /** Bytes of its heap, after garbage was collected. */
  heap(): Promise<number>;
  /** Kills it, by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, at the same ports. */
  restart(): Promise<void>;
  /** Stops it in its tracks (SIGSTOP): connections are made, and nothing is answered. */
  suspend(): void;
  /** Has it go on with what came in meanwhile (SIGCONT). */
  resume(): void;
}

const SCRIPT = fileURLToPath(new URL('./service-process.ts', import.meta.url));

interface Addresses {
  url: string;
  adminUrl: string;
}

/** @throws when it does not start */
export async function startProcess(service: ServiceName, env: Environment): Promise<ServiceProcess> {
  let child: ChildProcess;
  const launch = async (ports: Environment): Promise<Addresses> => {
    child = fork(SCRIPT, {
      execArgv: ['--conditions=source', '--import', 'tsx', '--expose-gc'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, ...ports, SERVICE: service },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the process of ${service} ended with ${code}`);
    });
    const [addresses] = await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined); // later it is killed
    return addresses as Addresses;
  };
  const { url, adminUrl } = await launch({});
  const ports = { PORT: new URL(url).port, ADMIN_PORT: new URL(adminUrl).port };
  return {
    url,
    adminUrl,
    get pid() {
      return child.pid ?? 0;
    },
    suspend: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async heap() {
      const answer = once(child, 'message');
      child.send('heap');
      const [{ heap }] = (await answer) as [{ heap: number }];
      return heap;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    async restart() {
      await launch(ports);
    },
  };
}
