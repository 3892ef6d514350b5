import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY, startTemporaryPostgres } from '@tributary/database';
import { redisAvailable } from '../redis-available.ts';

const HELP = `Usage: npm test [-- TURBO-OPTION...]

Runs every package's tests on a real PostgreSQL, which is started for them, and on the Redis of REDIS_URL or a
redis-server of the PATH. TEST_POSTGRES_URL names a PostgreSQL to use instead. For example, one package only:

  npm test -- --filter=@tributary/orders
`;

/** The part of Jest's JSON report that is added up. */
interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

if (process.argv.includes('--help')) process.stdout.write(HELP);
else process.exitCode = await testAll(process.argv.slice(2));

async function testAll(turboOptions: string[]): Promise<number> {
  warnWithoutRedis();
  const resultsDir = await mkdtemp(join(tmpdir(), 'tributary-tests-'));
  const server = process.env.TEST_POSTGRES_URL ? null : await startTemporaryPostgres();
  try {
    const code = await runTurbo(turboOptions, {
      ...process.env,
      TEST_RESULTS_DIR: resultsDir,
      ...(server && { TEST_POSTGRES_URL: server.url('postgres') }),
    });
    const { passed, failed, skipped } = await total(resultsDir);
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    return code;
  } finally {
    await server?.stop();
    await rm(resultsDir, { recursive: true });
  }
}

function warnWithoutRedis(): void {
  if (redisAvailable()) return;
  const line = '!'.repeat(80);
  process.stderr.write(
    `${line}\nNo Redis: its tests are LEFT OUT. Set REDIS_URL, or put redis-server on the PATH.\n${line}\n`,
  );
}

/** One package at a time: a package's own tests use both cores. */
function runTurbo(options: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = [
    '--no-install',
    'turbo',
    'run',
    'test',
    '--concurrency=1',
    '--continue',
    '--output-logs=full',
    ...options,
  ];
  const child = spawn('npx', args, { cwd: REPOSITORY, stdio: 'inherit', env });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}

async function total(resultsDir: string) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of await readdir(resultsDir)) {
    const results = JSON.parse(await readFile(join(resultsDir, file), 'utf8')) as JestResults;
    sum.passed += results.numPassedTests;
    // A test file that cannot even be loaded has no tests to count.
    sum.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
    sum.skipped += results.numPendingTests;
  }
  return sum;
}
