import { connectionError, databaseSetting, inTransaction, parseDatabaseUrl } from '@tributary/database';
import { StartupError } from '@tributary/platform';
import pg from 'pg';
import type { Database, Dataset } from './dataset.ts';
import type { Insert } from './table.ts';

/** What was written into one table. */
export interface TableSummary {
  rows: number;
  /** Time that the database took for it, in milliseconds. */
  ms: number;
}

/** What happened to one database. */
export interface DatabaseSummary {
  database: Database;
  /** True when it already had rows, and so was left as it was. */
  skipped: boolean;
  /** By the table's name; empty when skipped. */
  tables: Record<string, TableSummary>;
  ms: number;
}

export interface SeedDatabaseOptions {
  /** Connection string of a migrated database. */
  url: string;
  dataset: Dataset;
  /** Empty the data set's tables first, and whatever refers to them. */
  reset?: boolean;
  /** Called after each batch with the number of main things (users, products, orders) it held. */
  onBatch?: (size: number) => void;
}

/**
 * Writes a data set into its database, once: a database that already has rows is left as it is.
 *
 * All in one transaction, so that an interruption leaves nothing behind. Two that run at the same time wait for
 * each other, and the second finds the first one's rows.
 *
 * @throws StartupError when the database cannot be reached or has no tables yet
 */
export async function seedDatabase(options: SeedDatabaseOptions): Promise<DatabaseSummary> {
  const { dataset, reset = false } = options;
  const { database } = dataset;
  const started = performance.now();
  const client = await connect(options.url, database);
  try {
    const tables = await inTransaction(client, async () => {
      const isEmpty = await lock(client, dataset);
      if (!isEmpty && !reset) return undefined;
      if (reset) await client.query(`TRUNCATE ${dataset.tables.map(quoted).join(', ')} CASCADE`);
      return fill(client, options);
    });
    // Statistics for the planner and a visibility map for index-only scans; neither can wait for autovacuum.
    if (tables) await client.query(`VACUUM (ANALYZE) ${dataset.tables.map(quoted).join(', ')}`);
    return { database, skipped: !tables, tables: tables ?? {}, ms: performance.now() - started };
  } finally {
    await client.end();
  }
}

const CONNECT_TIMEOUT_MS = 10_000; // 10 seconds

async function connect(url: string, database: Database): Promise<pg.Client> {
  const source = { url, setting: databaseSetting(database) };
  parseDatabaseUrl(source);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks fails the statement in flight too; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end();
    throw connectionError(source, error);
  }
}

/** Keeps other seeds out until the transaction ends, and tells whether the database has no rows yet. */
async function lock(client: pg.Client, dataset: Dataset): Promise<boolean> {
  const [first = ''] = dataset.tables;
  try {
    await client.query(`LOCK TABLE ${quoted(first)} IN SHARE ROW EXCLUSIVE MODE`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== UNDEFINED_TABLE) throw error;
    throw new StartupError(
      `the ${dataset.database} database has no tables yet; run \`npm run db:migrate\` first`,
    );
  }
  const { rows } = await client.query(`SELECT NOT EXISTS (SELECT FROM ${quoted(first)}) AS empty`);
  return rows[0].empty;
}

/** SQLSTATE `undefined_table`. */
const UNDEFINED_TABLE = '42P01';

async function fill(
  client: pg.Client,
  { dataset, onBatch }: SeedDatabaseOptions,
): Promise<Record<string, TableSummary>> {
  const summary = Object.fromEntries(dataset.tables.map((name) => [name, { rows: 0, ms: 0 }]));
  for (const batch of dataset.batches()) {
    for (const insert of batch.inserts) await write(client, insert, summary);
    onBatch?.(batch.size);
  }
  return summary;
}

async function write(
  client: pg.Client,
  insert: Insert,
  summary: Record<string, TableSummary>,
): Promise<void> {
  const started = performance.now();
  await client.query(insert.statement, insert.values);
  const before = summary[insert.table] ?? { rows: 0, ms: 0 };
  summary[insert.table] = {
    rows: before.rows + insert.rows,
    ms: before.ms + performance.now() - started,
  };
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}
