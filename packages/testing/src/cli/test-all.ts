import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY, startTemporaryPostgres } from '@tributary/database';
import { redisAvailable } from '../redis-available.ts';
import { spawnJest } from './spawn-jest.ts';

const HELP = `Usage: npm test [-- JEST-OPTION-OR-PATH...]

Runs all packages' tests on a real PostgreSQL, which is started for them, and on the Redis of REDIS_URL or a
redis-server of the PATH. TEST_POSTGRES_URL names a PostgreSQL to use instead. For example, one package only:

  npm test -- subgraphs/orders
`;

/** The part of Jest's JSON report that is told again. */
interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

if (process.argv.includes('--help')) process.stdout.write(HELP);
else process.exitCode = await testAll(process.argv.slice(2));

async function testAll(jestArgs: string[]): Promise<number> {
  warnWithoutRedis();
  const folder = await mkdtemp(join(tmpdir(), 'tributary-tests-'));
  const resultsFile = join(folder, 'results.json');
  const server = process.env.TEST_POSTGRES_URL ? null : await startTemporaryPostgres();
  try {
    const code = await spawnJest(jestArgs, {
      cwd: REPOSITORY,
      // `npm test` has built all packages before.
      env: { TEST_BUILT: '1', ...(server && { TEST_POSTGRES_URL: server.url('postgres') }) },
      resultsFile,
    });
    // There are none when Jest could not begin, and has said why.
    if (existsSync(resultsFile)) process.stdout.write(`\n${await total(resultsFile)}\n`);
    return code;
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true });
  }
}

function warnWithoutRedis(): void {
  if (redisAvailable()) return;
  const line = '!'.repeat(80);
  process.stderr.write(
    `${line}\nNo Redis: its tests are LEFT OUT. Set REDIS_URL, or put redis-server on the PATH.\n${line}\n`,
  );
}

async function total(resultsFile: string): Promise<string> {
  const results = JSON.parse(await readFile(resultsFile, 'utf8')) as JestResults;
  // A test file that cannot even be loaded has no tests to count.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped`;
}
