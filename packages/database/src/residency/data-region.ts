import { StartupError } from '@tributary/platform';
import type pg from 'pg';
import { connectionError, type DatabaseSource } from '../database-url.ts';
import { withClient } from '../ensure-database.ts';

const UNDEFINED_TABLE = '42P01';
const INVALID_SCHEMA = '3F000';

/** In a schema of its own, which Prisma does not look at; a dump and a replica have it as well. */
const MARK = `
  CREATE SCHEMA IF NOT EXISTS residency;
  CREATE TABLE IF NOT EXISTS residency.region (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    name text NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now()
  );
  GRANT USAGE ON SCHEMA residency TO PUBLIC;
  GRANT SELECT ON residency.region TO PUBLIC;`;

/**
 * Writes into a database in which region it keeps personal data, if nobody has; to be called by one process at a time.
 *
 * @param region - `DATA_REGION`
 * @throws StartupError when the database is of another region; nothing has changed then
 */
export async function claimRegion(source: DatabaseSource, region: string): Promise<void> {
  await withClient(source.url, async (client) => {
    const owner = await readRegion(client);
    if (owner === null) {
      await client.query(MARK);
      await client.query('INSERT INTO residency.region (name) VALUES ($1) ON CONFLICT DO NOTHING', [region]);
    } else refuseOther(source, owner, region);
  });
}

/**
 * Sees that a database is of the region in which a service keeps personal data.
 *
 * @param region - `DATA_REGION`
 * @throws StartupError when it is of another region or of none, or cannot be asked
 */
export async function checkRegion(source: DatabaseSource, region: string): Promise<void> {
  const owner = await withClient(source.url, readRegion).catch((error: unknown) => {
    throw connectionError(source, error);
  });
  if (owner === null)
    throw new StartupError(
      `DATA_REGION: is "${region}", and the database of ${source.setting} is of no region yet; npm run db:migrate with the same DATA_REGION makes it one of "${region}"`,
    );
  refuseOther(source, owner, region);
}

/** @returns null when nobody has said */
async function readRegion(client: pg.Client): Promise<string | null> {
  try {
    const { rows } = await client.query<{ name: string }>('SELECT name FROM residency.region');
    return rows[0]?.name ?? null;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === UNDEFINED_TABLE || code === INVALID_SCHEMA) return null;
    throw error;
  }
}

function refuseOther({ setting }: DatabaseSource, owner: string, region: string): void {
  if (owner !== region)
    throw new StartupError(`DATA_REGION: is "${region}", and the database of ${setting} is of "${owner}"`);
}
