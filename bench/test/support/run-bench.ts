import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programArguments } from '@tributary/testing';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** How the command ended. */
export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the command as `npm run bench` does.
 *
 * @param env - over this process's own environment
 * @param onOutput - called with all that was printed so far, each time there is more
 */
export function runBench(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onOutput?: (stdout: string, child: ChildProcess) => void,
): Promise<Result> {
  const child = spawn(process.execPath, [...programArguments(CLI), ...args], {
    env: { ...process.env, ...env },
  });
  const result: Result = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    result.stdout += text;
    onOutput?.(result.stdout, child);
  });
  child.stderr.on('data', (text) => {
    result.stderr += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...result, code })));
}
