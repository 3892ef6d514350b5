import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, withClient } from '@tributary/database';
import { type Database, seedAll } from '@tributary/prisma/seed';
import type { Shop } from '../../federation/shop.ts';
import { REPOSITORY } from '../../harness/server-process.ts';

const NAME = 'whole';

/** Those whose tables have a schema of their own, beside those of orders in `public`. */
const SCHEMAS = ['users', 'products'] as const satisfies readonly Database[];

/**
 * Makes one database with the tables of all three subgraphs, and the same shop in it. Their names do not clash, but for
 * the audit log: the path finds that of orders first.
 *
 * @param scale - size of the shop
 * @param report - told how far it is
 * @returns its connection string
 */
export async function openOneDatabase(
  { urlOf }: Shop,
  scale: number,
  report: (detail: string) => void,
): Promise<string> {
  const url = urlOf(NAME);
  await migrate({ url, schemaDir: schemaDirOf('orders') });
  for (const schema of SCHEMAS) await createSchema(url, schema);
  await withClient(url, (client) =>
    client.query(`ALTER DATABASE ${NAME} SET search_path = public, ${SCHEMAS.join(', ')}`),
  );
  await seedAll({
    urls: { users: inSchema(url, 'users'), products: inSchema(url, 'products'), orders: url },
    scale,
    onProgress: ({ done, total }) => report(`${Math.floor((done / total) * 100)} %`),
  });
  return url;
}

/** Runs the migrations of a subgraph in a schema of its own. */
async function createSchema(url: string, schema: Database): Promise<void> {
  const migrations = join(schemaDirOf(schema), 'migrations');
  const entries = await readdir(migrations, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  await withClient(inSchema(url, schema), async (client) => {
    // The extension's operators belong to the database: where everybody finds them.
    await client.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public; CREATE SCHEMA ${schema}`);
    for (const name of names.sort()) {
      await client.query(await readFile(join(migrations, name, 'migration.sql'), 'utf8'));
    }
  });
}

/** A connection string with which a subgraph's names are found before those of others. */
function inSchema(url: string, schema: Database): string {
  const address = new URL(url);
  address.searchParams.set('options', `-c search_path=${schema},public`);
  return address.href;
}

const schemaDirOf = (database: Database): string => join(REPOSITORY, 'prisma', database);
