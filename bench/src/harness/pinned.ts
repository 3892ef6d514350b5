import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A command and its arguments, as `spawn` takes them. */
export type Command = readonly [command: string, ...args: string[]];

/** Whether this machine has two cores, and `taskset` to keep a process on one of them. */
export const canPin = (): boolean =>
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/**
 * Keeps a command, with all that it starts, on one core.
 *
 * @param core - null leaves it where the system puts it
 */
export const pinned = (core: number | null, command: Command): Command =>
  core === null ? command : ['taskset', '--cpu-list', String(core), ...command];
