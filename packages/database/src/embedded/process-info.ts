import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What tells one process from a later one that was given the same id. */
export interface ProcessInfo {
  /** When the process started, in whatever form the operating system says it; only good for comparing. */
  startedAt: string;
  /** Its command line. */
  command: string;
}

/**
 * Looks a process up, whoever owns it.
 *
 * Linux is asked through /proc, because a minimal image has no `ps`. Windows has neither: there a living
 * process is known by its id alone.
 *
 * @returns undefined when no such process lives
 */
export async function processInfo(pid: number): Promise<ProcessInfo | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'win32') return { startedAt: '', command: '' };
  return process.platform === 'linux' ? readProc(pid) : askPs(pid);
}

/** Signal 0 reaches nobody; EPERM means that the process lives and is another user's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** See proc(5): after the parenthesised name, the state is field 3 and the start time field 22. */
async function readProc(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined; // a zombie: dead, only not yet waited for
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return { startedAt: `${bootId.trim()}/${fields[19]}`, command: command.replaceAll('\0', ' ').trim() };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The process ended between two looks at it. */
const isGone = (error: unknown) => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

async function askPs(pid: number): Promise<ProcessInfo | undefined> {
  const ask = async (column: string) => {
    const { stdout } = await promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)]);
    return stdout.trim();
  };
  try {
    return { startedAt: await ask('lstart'), command: await ask('command') };
  } catch (error) {
    if (!isAlive(pid)) return undefined;
    throw error;
  }
}
