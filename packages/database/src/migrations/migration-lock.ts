import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../ensure-database.ts';

/** An arbitrary number that means "migrating" among PostgreSQL's advisory locks; not the one Prisma uses. */
export const MIGRATION_LOCK = 7_310_254_996_118_271n;

const POLL_INTERVAL = 100; // ms

/**
 * Runs something while no other process of ours migrates the same database.
 *
 * It asks again and again instead of waiting inside of PostgreSQL: a waiting statement holds a snapshot, and
 * `CREATE INDEX CONCURRENTLY` in the migration would wait for that one to end, for ever.
 */
export function withMigrationLock<T>(url: string, run: () => Promise<T>): Promise<T> {
  return withClient(url, async (client) => {
    const tryLock = async () => {
      const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [MIGRATION_LOCK]);
      return rows[0]?.locked;
    };
    while (!(await tryLock())) await sleep(POLL_INTERVAL);
    return run(); // the lock ends with the connection
  });
}
