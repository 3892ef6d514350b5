import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.ts';

/** How one of PostgreSQL's programs ended. */
export interface ProgramResult {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  /** What it wrote to standard error. */
  stderr: string;
}

/**
 * Runs one of PostgreSQL's programs to its end.
 *
 * It gets a process group of its own, so that Ctrl-C in the terminal reaches only our process, which then
 * stops the server in order; and none of our environment, in which `PGPORT` or a secret may be.
 *
 * @param cwd - a folder that the account can enter
 */
export function runProgram(
  program: string,
  args: string[],
  user: ServerUser | undefined,
  cwd: string,
): Promise<ProgramResult> {
  const { PATH, SystemRoot } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...user,
      cwd,
      env: { PATH, SystemRoot, LC_ALL: 'C' },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr: stderr.trim() }));
  });
}
