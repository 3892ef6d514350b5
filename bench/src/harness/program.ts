import { spawn } from 'node:child_process';
import { type Command, pinned } from './pinned.ts';
import type { Scope } from './scope.ts';
import { superviseStart } from './supervise.ts';

export interface ProgramOptions {
  /** For messages. */
  name: string;
  command: Command;
  cwd: string;
  /** Beside PATH and HOME, all that it is told. */
  env: Readonly<Record<string, string>>;
  /** The one that it stays on; null for any. */
  core: number | null;
  /** Of its GraphQL endpoint: when that answers, it has started. */
  url: string;
  /** Ends it. */
  scope: Scope;
}

/** A program that runs. */
export interface Program {
  pid: number;
  /** @throws Error with what it wrote when it has ended */
  requireAlive(): void;
}

/**
 * Starts a GraphQL server that knows nothing of this benchmark, in any language, and waits until it answers.
 *
 * @throws Error with what it wrote when it ends before that
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { name, cwd, env, core, url, scope } = options;
  const [command, ...args] = pinned(core, options.command);
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      SHUTDOWN_DELAY_MS: '0',
      DO_NOT_TRACK: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const requireAlive = await superviseStart(child, name, scope, () => answers(url));
  return { pid: child.pid ?? 0, requireAlive };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false, // not listening yet
  );
