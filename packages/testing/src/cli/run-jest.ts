import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { startTemporaryPostgres } from '@tributary/database';

/**
 * Runs Jest in the current package, as native ESM. With `--postgres` its tests find a real PostgreSQL under
 * `TEST_POSTGRES_URL`: the one that is named there already, or one that is started here and thrown away after.
 * All other arguments are Jest's.
 *
 * `TEST_RESULTS_DIR` names a folder that Jest's results are written to, as JSON, under the package's name.
 */
const withPostgres = process.argv.includes('--postgres');
const args = process.argv.slice(2).filter((argument) => argument !== '--postgres');
const server = withPostgres && !process.env.TEST_POSTGRES_URL ? await startTemporaryPostgres() : null;
const { TEST_RESULTS_DIR: resultsDir } = process.env;
const results = resultsDir
  ? ['--json', '--outputFile', join(resultsDir, `${basename(process.cwd())}.json`)]
  : [];

try {
  process.exitCode = await run(createRequire(import.meta.url).resolve('jest/bin/jest'), [
    ...results,
    ...args,
  ]);
} finally {
  await server?.stop();
}

function run(jest: string, jestArgs: string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...jestArgs],
    {
      // Jest's JSON goes to its file, and nothing but the report to the terminal.
      stdio: ['ignore', resultsDir ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, NODE_ENV: 'test', ...(server && { TEST_POSTGRES_URL: server.url('postgres') }) },
    },
  );
  // The terminal sends Ctrl-C to Jest as well; this process stays to stop the server.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
