import { readFileSync } from 'node:fs';
import { StartupError } from '@tributary/platform';

/** What a process needs beside its connections. */
const RESERVE = 200;

/**
 * Holds that a process may have so many connections: each is an open file. Node raises its own limit to the hard one
 * when it starts.
 *
 * @throws StartupError when it may not
 */
export function requireOpenFiles(connections: number): void {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, allowed] = /^Max open files +\S+ +(\S+)/m.exec(limits) ?? [];
  const needed = connections + RESERVE;
  if (allowed === 'unlimited' || Number(allowed) >= needed) return;
  throw new StartupError(
    `subscriptions: ${connections} connections need ${needed} open files in one process, and ${allowed} are allowed; ` +
      'raise the hard limit (ulimit -Hn), or have fewer listeners with --scale',
  );
}
