import { startTemporaryPostgres } from '@tributary/database';
import { spawnJest } from './spawn-jest.ts';

/**
 * Runs Jest in the current package. With `--postgres` its tests find a real PostgreSQL under `TEST_POSTGRES_URL`: the
 * one that is named there already, or one that is started here and thrown away after. All other arguments are Jest's.
 */
const withPostgres = process.argv.includes('--postgres');
const args = process.argv.slice(2).filter((argument) => argument !== '--postgres');
const server = withPostgres && !process.env.TEST_POSTGRES_URL ? await startTemporaryPostgres() : null;
/** Both cores, unless it is said otherwise. */
const workers = args.some((argument) => /^(-i|-w|--runInBand|--maxWorkers)\b/.test(argument))
  ? []
  : ['--maxWorkers=2'];

try {
  process.exitCode = await spawnJest([...workers, ...args], {
    cwd: process.cwd(),
    env: server ? { TEST_POSTGRES_URL: server.url('postgres') } : {},
  });
} finally {
  await server?.stop();
}
