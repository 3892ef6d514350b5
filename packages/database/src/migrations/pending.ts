import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '@tributary/platform';
import { connectionError } from '../database-url.ts';
import { withClient } from '../ensure-database.ts';
import type { MigrateOptions } from './migrate.ts';
import { readMigrations } from './migration-files.ts';
import { MIGRATION_LOCK } from './migration-lock.ts';

const POLL_INTERVAL = 1_000; // 1 second: many processes may wait at once

const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Waits until a database has all migrations, which another process applies; nothing is changed. A database that is ahead,
 * as after going back to an older version, has them all.
 *
 * @param seconds - how long at most; with 0 it looks once
 * @throws StartupError when time is up, with what is missing or why it cannot be known
 */
export async function awaitMigrations(options: MigrateOptions, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const missing = await whatIsMissing(options);
    if (missing === null) return;
    if (performance.now() + POLL_INTERVAL > deadline) throw new StartupError(missing);
    await sleep(POLL_INTERVAL);
  }
}

/** @returns null when nothing is missing, else a line for people */
async function whatIsMissing(options: MigrateOptions): Promise<string | null> {
  const { url, schemaDir, setting = 'DATABASE_URL' } = options;
  const { migrationDirectories } = await readMigrations(schemaDir);
  try {
    const state = await readState(url);
    const missing = migrationDirectories.map(({ path }) => path).filter((name) => !state.applied.has(name));
    if (missing.length > 0) return `${setting}: the database lacks ${missing.join(', ')}`;
    return state.isBusy ? `${setting}: the database is being migrated` : null;
  } catch (error) {
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE)
      return `${setting}: its user may not read _prisma_migrations; grant SELECT on it`;
    return connectionError({ url, setting }, error).message;
  }
}

interface DatabaseState {
  /** Names of migrations that are done. */
  applied: ReadonlySet<string>;
  /** Whether a process of ours is migrating it, which makes the queue of jobs last. */
  isBusy: boolean;
}

/** It takes reading alone, also through a pooler that hands out a connection for each transaction. */
const readState = (url: string): Promise<DatabaseState> =>
  withClient(url, async (client) => {
    const lock = await client.query<{ free: boolean }>(
      'SELECT pg_try_advisory_xact_lock_shared($1) AS free',
      [MIGRATION_LOCK],
    );
    const { rows } = await client
      .query<{ name: string }>(
        'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      )
      .catch((error: { code?: string }) => {
        if (error.code === UNDEFINED_TABLE) return { rows: [] };
        throw error;
      });
    return { applied: new Set(rows.map(({ name }) => name)), isBusy: !lock.rows[0]?.free };
  });
