import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

/** Where Jest runs. */
export interface JestProcess {
  /** The folder with the configuration. */
  cwd: string;
  /** Over this process's own environment. */
  env: Readonly<Record<string, string>>;
  /** Where its results are written to, as JSON. */
  resultsFile?: string;
}

/** Runs Jest in a process of its own, for native ES modules. @returns its exit code */
export function spawnJest(args: readonly string[], { cwd, env, resultsFile }: JestProcess): Promise<number> {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const results = resultsFile ? ['--json', `--outputFile=${resultsFile}`] : [];
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...results, ...args],
    {
      cwd,
      // Jest's JSON goes to its file, and nothing but the report to the terminal.
      stdio: ['ignore', resultsFile ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, NODE_ENV: 'test', ...env },
    },
  );
  // The terminal sends Ctrl-C to Jest as well; this process stays to stop what it has started.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
