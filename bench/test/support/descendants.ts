import { readdirSync, readFileSync } from 'node:fs';

/** The living processes that a process has started, and those that they have started; Linux only. */
export function descendantsOf(pid: number): number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(parentOf);
  const children = (parent: number): number[] =>
    processes
      .filter((process) => process.parent === parent)
      .flatMap((process) => [process.pid, ...children(process.pid)]);
  return children(pid);
}

/** Whether a process lives; Linux only. */
export const isAlive = (pid: number): boolean => parentOf(String(pid)).length > 0;

/** See proc(5): the state and the parent's id follow the parenthesised name. A zombie is as good as gone. */
function parentOf(pid: string): { pid: number; parent: number }[] {
  try {
    const [, state, parent] = /^.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent) }];
  } catch (error) {
    // It ended while we were looking: as a missing file, or while that was being read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
