import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@tributary/platform';
import { PACKAGE_OPTIONS } from '@tributary/testing/outside-jest';

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
  /** Asks it to end, by SIGTERM. @returns its exit code */
  end(): Promise<number | null>;
  /** Starts it again, at the same ports. */
  restart(): Promise<void>;
  /** Stops it in its tracks (SIGSTOP): connections are made, and nothing is answered. */
  suspend(): void;
  /** Has it go on with what came in meanwhile (SIGCONT). */
  resume(): void;
}

const SCRIPT = fileURLToPath(new URL('./service-process.mjs', import.meta.url));

interface Addresses {
  url: string;
  adminUrl: string;
}

/** @throws when it does not start */
export async function startProcess(service: ServiceName, env: Environment): Promise<ServiceProcess> {
  let child: ChildProcess;
  const launch = async (ports: Environment): Promise<Addresses> => {
    child = fork(SCRIPT, {
      execArgv: [...PACKAGE_OPTIONS, '--expose-gc'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, ...ports, SERVICE: service },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the process of ${service} ended with ${code}`);
    });
    const addresses = await Promise.race([messageOf(child, addressesIn), ended]);
    ended.catch(() => undefined); // later it is killed
    return addresses;
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
      const answer = messageOf(child, (message) => (message as { heap?: number }).heap);
      child.send('heap');
      return answer;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    async end() {
      const exit = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      const [code] = await exit;
      return code;
    },
    async restart() {
      await launch(ports);
    },
  };
}

const addressesIn = (message: unknown): Addresses | undefined => {
  const { url, adminUrl } = message as Partial<Addresses>;
  return url === undefined || adminUrl === undefined ? undefined : { url, adminUrl };
};

/** The first message of a process that has what is looked for; it also says that it is ready. */
const messageOf = <Value>(
  child: ChildProcess,
  pick: (message: unknown) => Value | undefined,
): Promise<Value> =>
  new Promise((resolve) => {
    const look = (message: unknown) => {
      const value = pick(message);
      if (value === undefined) return;
      child.off('message', look);
      resolve(value);
    };
    child.on('message', look);
  });
