import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Environment, READY } from '@tributary/platform';

/** A service that runs from its sources in a process of its own, and can be started again. */
export interface ServiceProcess {
  name: string;
  /** Ends the service in its own time, then starts it from the sources as they are now. */
  restart(): Promise<void>;
  /** Ends the service. */
  stop(): Promise<void>;
}

export interface ServiceProcessOptions {
  name: string;
  /** Absolute path of `main.ts`. */
  main: string;
  cwd: string;
  env: Environment;
  /** Called with each line the service prints. */
  print(line: string): void;
}

/**
 * Starts a service.
 *
 * @returns once it serves, or has failed to: it has said why then, and waits for the next `restart`
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  let child = await launch(options);
  // One restart after the other; several changes at once are one restart.
  let queue: Promise<void> = Promise.resolve();
  let waiting = false;
  return {
    name: options.name,
    restart() {
      if (waiting) return queue;
      waiting = true;
      queue = queue.then(async () => {
        waiting = false;
        await end(child);
        child = await launch(options);
      });
      return queue;
    },
    stop: () => queue.then(() => end(child)),
  };
}

async function launch({ name, main, cwd, env, print }: ServiceProcessOptions): Promise<ChildProcess> {
  const child = fork(main, {
    cwd,
    env: env as NodeJS.ProcessEnv,
    execArgv: ['--conditions=source', '--import', 'tsx', '--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Not of the terminal's group: Ctrl-C ends the services in their order, by `stop`.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', print);
  }
  await new Promise<void>((resolve) => {
    child.once('message', (message) => message === READY && resolve());
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGTERM') print(`${name} ended; it starts again after the next change`);
      resolve();
    });
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}
