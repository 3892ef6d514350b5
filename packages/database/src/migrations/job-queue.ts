import { Logger, runMigrations } from 'graphile-worker';
import { withClient } from '../ensure-database.ts';

/**
 * Makes, or brings up to date, the tables in which a service keeps its jobs: Graphile Worker's, and those where
 * workers say that they live. They are in schemas of their own, which Prisma does not look at.
 *
 * @param url - connection string of the database
 */
export async function installJobQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: new Logger(() => () => undefined) });
  await withClient(url, (client) => client.query(HEARTBEATS));
}

const HEARTBEATS = `
  CREATE SCHEMA IF NOT EXISTS job_workers;
  CREATE TABLE IF NOT EXISTS job_workers.heartbeats (
    pool_id text PRIMARY KEY,
    seen_at timestamptz NOT NULL
  );`;
