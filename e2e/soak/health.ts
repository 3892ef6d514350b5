import { readFileSync } from 'node:fs';
import { metricOf } from '../support/metric.ts';
import type { ServiceName, ServiceProcess } from '../support/start-process.ts';

/** What a process holds when nobody asks it for anything. */
export interface Holdings {
  pid: number;
  /** Bytes, after garbage was collected. */
  heap: number;
  /** Open files and sockets. */
  files: number;
  /** Handles of Node: sockets, servers, timers' peers. */
  handles: number;
}

/** Measures all processes. */
export const holdingsOf = async (
  services: Record<ServiceName, ServiceProcess>,
): Promise<Record<string, Holdings>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(services).map(async ([name, { pid, heap, adminUrl }]) => [
        name,
        {
          pid,
          heap: await heap(),
          files: await metricOf(adminUrl, 'process_open_fds'),
          handles: await metricOf(adminUrl, 'nodejs_active_handles_total'),
        } satisfies Holdings,
      ]),
    ),
  );

/** Of a process, in bytes; 0 when it has ended. Linux only, as is the machine that this runs on. */
export function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

/** How much more a process may hold at the end than in the middle of a soak. */
export const TOLERANCE = {
  /** Of the heap: code that was compiled meanwhile, and what caches keep, within their bounds. */
  heap: { ratio: 1.15, bytes: 8_000_000 },
  /** Of files and handles: connections that were opened for a burst, and are closed when they have been idle. */
  connections: 25,
};

/** What grew by more than it may, between two looks at the same processes. */
export function growth(before: Record<string, Holdings>, after: Record<string, Holdings>): string[] {
  return Object.entries(after).flatMap(([name, now]) => {
    const then = before[name];
    if (!then || then.pid !== now.pid)
      return [`${name}: another process than in the middle; nothing to compare`];
    const { heap, connections } = TOLERANCE;
    return [
      now.heap > then.heap * heap.ratio + heap.bytes && `${name}: heap ${then.heap} → ${now.heap} bytes`,
      now.files > then.files + connections && `${name}: open files ${then.files} → ${now.files}`,
      now.handles > then.handles + connections && `${name}: handles ${then.handles} → ${now.handles}`,
    ].filter((problem) => problem !== false);
  });
}
