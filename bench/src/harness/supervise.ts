import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from './scope.ts';

const START_TIMEOUT = 60_000; // 60 seconds
const STOP_TIMEOUT = 15_000; // 15 seconds: longer than a service's own SHUTDOWN_GRACE_MS

/**
 * Ends a server's process with the scope, and waits until it is ready.
 *
 * @param name - for messages
 * @param isReady - asked again and again
 * @returns what throws an Error, with what the process wrote, once it has ended
 * @throws Error with what the process wrote when it ends before it is ready, or takes too long
 */
export async function superviseStart(
  child: ChildProcess,
  name: string,
  scope: Scope,
  isReady: () => Promise<boolean>,
): Promise<() => void> {
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk).slice(-10_000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended ??= error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended ??= `it ended with ${signal ?? code}`;
      resolve();
    });
  });
  scope.own(async () => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
    await exited;
    clearTimeout(killer);
  });
  const requireAlive = () => {
    if (ended !== undefined) throw new Error(`${name}: ${ended}\n${output.trim()}`);
  };
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isReady())) {
    requireAlive();
    if (Date.now() > deadline) throw new Error(`${name} was not ready in time\n${output.trim()}`);
    await Promise.race([exited, delay(50)]);
  }
  return requireAlive;
}
