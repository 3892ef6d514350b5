import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A database that a service of this repository owns. */
export interface OwnedDatabase {
  /** The service's name and the database's, such as `users`. */
  name: string;
  /** The folder with `schema.prisma` and `migrations/`. */
  schemaDir: string;
  /** Name of the setting that holds its connection string, such as `USERS_DATABASE_URL`. */
  setting: string;
}

/**
 * Lists the databases: every folder with a `schema.prisma` is one.
 *
 * @param prismaDir - the repository's `prisma/`
 */
export async function listDatabases(prismaDir: string): Promise<OwnedDatabase[]> {
  const entries = await readdir(prismaDir, { withFileTypes: true });
  const found: OwnedDatabase[] = [];
  for (const name of entries.map((entry) => entry.name).sort()) {
    const schemaDir = join(prismaDir, name);
    if (await exists(join(schemaDir, 'schema.prisma')))
      found.push({ name, schemaDir, setting: databaseSetting(name) });
  }
  return found;
}

/** Name of the setting for a service's database: `gift-cards` → `GIFT_CARDS_DATABASE_URL`. */
export const databaseSetting = (name: string) => `${name.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;

/**
 * Name of the setting for a way to the same database that goes past a connection pooler: `ORDERS_DATABASE_URL` →
 * `ORDERS_DATABASE_DIRECT_URL`.
 */
export const directSetting = (setting: string) => setting.replace(/_URL$/, '_DIRECT_URL');

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
