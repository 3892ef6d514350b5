import { startTemporaryPostgres } from '@tributary/database';
import { startPgBouncer } from '../pgbouncer.ts';
import { spawnJest } from './spawn-jest.ts';

/**
 * Runs Jest in the current package. With `--postgres` its tests find a real PostgreSQL under `TEST_POSTGRES_URL`: the
 * one that is named there already, or one that is started here and thrown away after. All other arguments are Jest's.
 *
 * With `TEST_PGBOUNCER=1` in the environment, the services that the tests start reach it by way of PgBouncer.
 */
const withPostgres = process.argv.includes('--postgres');
const args = process.argv.slice(2).filter((argument) => argument !== '--postgres');
const server = withPostgres && !process.env.TEST_POSTGRES_URL ? await startTemporaryPostgres() : null;
const url = server?.url('postgres') ?? process.env.TEST_POSTGRES_URL;
const CONNECTIONS = 20; // for each database, as in the image: tests have as many transactions wait for a lock
const bouncer = process.env.TEST_PGBOUNCER === '1' && url ? await startPgBouncer(url, CONNECTIONS) : null;
/** Both cores, unless it is said otherwise. */
const workers = args.some((argument) => /^(-i|-w|--runInBand|--maxWorkers)\b/.test(argument))
  ? []
  : ['--maxWorkers=2'];

try {
  process.exitCode = await spawnJest([...workers, ...args], {
    cwd: process.cwd(),
    env: {
      ...(url !== undefined && { TEST_POSTGRES_URL: url }),
      ...(bouncer && url !== undefined && { TEST_PGBOUNCER_URL: bouncer.wayTo(url) }),
    },
  });
} finally {
  await bouncer?.stop();
  await server?.stop();
}
