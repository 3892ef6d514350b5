import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { programArguments } from '@tributary/testing';

const PACKAGE = new URL('../..', import.meta.url);

/** One of the package's programs, in a process of its own. */
export interface Program {
  child: ChildProcess;
  /** What it printed, and its exit code, once it has ended; the code is null when a signal ended it. */
  exited: Promise<{ code: number | null; out: string; err: string }>;
  /** Its GraphQL endpoint; rejects when it ends before it has one. */
  listening: Promise<string>;
}

/**
 * Starts a program, with nothing in its environment but the PATH and what is given.
 *
 * @param script - in the package's folder
 */
export function startProgram(script: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [...programArguments(script), ...args], {
    cwd: PACKAGE,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const endpoint = /GraphQL at (http\S+?)"/.exec(out)?.[1];
      if (endpoint) resolve(endpoint);
    });
    exited.then(({ code }) => reject(new Error(`ended with ${code}: ${err}`)), reject);
  });
  listening.catch(() => undefined);
  return { child, exited, listening };
}
