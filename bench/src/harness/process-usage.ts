import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // what Linux tells every program, whatever the kernel's own clock; see proc(5)

/** What a process has used and holds. */
export interface ProcessUsage {
  cpuSeconds: number;
  residentBytes: number;
}

interface Process extends ProcessUsage {
  pid: number;
  parent: number;
}

/**
 * Adds up what a process and all that it started have used, as the kernel counts it: the same for a program in any
 * language. Linux only.
 *
 * @param pid - of the first of them
 * @throws Error when it has ended
 */
export function usageOfProcess(pid: number): ProcessUsage {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const root = all.find((process) => process.pid === pid);
  if (!root) throw new Error(`the process ${pid} has ended`);
  const family = [root];
  // Grows while it is read: children's children are found in their turn.
  for (const { pid: parent } of family) family.push(...all.filter((process) => process.parent === parent));
  return {
    cpuSeconds: family.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0),
    residentBytes: family.reduce((total, { residentBytes }) => total + residentBytes, 0),
  };
}

function readProcess(pid: string): Process[] {
  try {
    // After the name, which is in parentheses and may have any character: state, parent, …, with the number of the
    // field in proc(5) less 3 as index.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = [14, 15, 16, 17].reduce((total, field) => total + Number(stat[field - 3]), 0);
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    return [
      {
        pid: Number(pid),
        parent: Number(stat[4 - 3]),
        cpuSeconds: ticks / TICKS_PER_SECOND,
        residentBytes: Number(resident) * 1_024,
      },
    ];
  } catch (error) {
    // It ended while we were looking: as a missing file, or while that was being read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
