import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { databaseName, databaseSetting, migrate, withClient, withDatabase } from '@tributary/database';
import pg from 'pg';
import { DATABASES, type Database } from '../seed/index.ts';

/** The PostgreSQL that the tests run on. */
export const SERVER = process.env.TEST_POSTGRES_URL ?? '';
if (!SERVER) throw new Error('TEST_POSTGRES_URL is not set: run the tests by npm test');

/** Makes three empty databases with all their tables. */
export async function createDatabases(): Promise<Record<Database, string>> {
  const run = randomUUID().slice(0, 8);
  const create = async (database: Database) => {
    const url = withDatabase(SERVER, `test_seed_${database}_${run}`);
    const schemaDir = fileURLToPath(new URL(`../${database}`, import.meta.url));
    await migrate({ url, schemaDir, setting: databaseSetting(database) });
    return url;
  };
  return { users: await create('users'), products: await create('products'), orders: await create('orders') };
}

/** Removes the databases; nothing is to be done when making them has failed. */
export async function dropDatabases(urls: Record<Database, string> | undefined): Promise<void> {
  if (!urls) return;
  for (const database of DATABASES) {
    const name = pg.escapeIdentifier(databaseName(new URL(urls[database])));
    await change(withDatabase(SERVER, 'postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

export function rowsOf(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(sql)).rows);
}

export async function change(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}

export async function count(url: string, table: string): Promise<number> {
  const [row] = await rowsOf(url, `SELECT count(*)::int AS count FROM "${table}"`);
  return Number(row?.count);
}

/** The column `id` of a query. */
export async function ids(url: string, sql: string): Promise<Set<string>> {
  return new Set((await rowsOf(url, sql)).map((row) => String(row.id)));
}

/** A hash over every value of every table of the orders database. */
export function fingerprint(url: string): Promise<Record<string, unknown>[]> {
  const hashOf = (table: string) =>
    `(SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM ${table} t) AS ${table}`;
  const tables = ['orders', 'order_lines', 'order_events', 'carts', 'cart_lines'];
  return rowsOf(url, `SELECT ${tables.map(hashOf).join(', ')}`);
}
