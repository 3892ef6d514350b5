import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A command that runs as a person would run it. */
export interface RunningCommand {
  pid: number;
  /** All that it has printed so far, both streams. */
  output(): string;
  /** Resolves when the output matches; rejects when the command ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, once it has ended; null when a signal ended it. */
  exit: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

/**
 * @param args - Node's arguments
 * @param env - over a clean environment: only what a command needs of this one's is there
 */
export function runCommand(
  args: string[],
  options: { cwd: string; env: Record<string, string> },
): RunningCommand {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exit,
    signal: (name) => void child.kill(name),
    until: (pattern) => outputMatching(child, pattern, () => output, listeners),
  };
}

function outputMatching(
  child: ChildProcess,
  pattern: RegExp,
  output: () => string,
  listeners: Set<() => void>,
) {
  return new Promise<RegExpExecArray>((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(output());
      if (!match) return;
      listeners.delete(look);
      resolve(match);
    };
    listeners.add(look);
    child.once('close', () => reject(new Error(`ended before ${pattern}:\n${output()}`)));
    look();
  });
}

/**
 * The processes whose command line or environment names a folder: those that a command has left behind.
 * Linux only, as is the machine the tests run on.
 */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].some((file) =>
          readFileSync(file, 'latin1').includes(text),
        );
      } catch {
        return false; // it has ended meanwhile, or is somebody else's
      }
    })
    .map(Number);
}
