import { spawn } from 'node:child_process';

/** How one of PostgreSQL's programs is run. */
export interface ToolOptions {
  /** Variables that it is given besides `PATH` and `HOME`. */
  env?: Readonly<Record<string, string>>;
  /** Hears each line of standard error. */
  onLine?(line: string): void;
  /** Ends it in order. */
  signal?: AbortSignal;
}

/** How it ended. */
export interface ToolResult {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  /** Why it failed, in its own words. */
  reason: string;
}

/** Runs one of PostgreSQL's programs to its end. Nothing else of our environment reaches it. */
export function runTool(program: string, args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH, HOME, ...options.env, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines: string[] = [];
    let rest = '';
    const take = (line: string) => {
      if (line === '') return;
      lines.push(line);
      options.onLine?.(line);
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split(/[\r\n]+/);
      rest = parts.pop() ?? '';
      parts.forEach(take);
    });
    const end = () => void child.kill('SIGINT');
    options.signal?.addEventListener('abort', end, { once: true });
    if (options.signal?.aborted) end();
    child.on('error', reject);
    child.on('close', (code) => {
      options.signal?.removeEventListener('abort', end);
      take(rest);
      resolve({ code, reason: reasonIn(lines) || `it ended with ${code}` });
    });
  });
}

/** The first line that tells of an error, without the program's name. */
function reasonIn(lines: readonly string[]): string {
  const line = lines.find((text) => /error:|FATAL/.test(text)) ?? lines.at(-1) ?? '';
  return line.replace(/^\S+: (error|fatal): /, '').trim();
}
