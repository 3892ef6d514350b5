import pg from 'pg';
import type { MonthlyTables } from './monthly-tables.ts';
import { addMonths } from './months.ts';

const { escapeIdentifier, escapeLiteral } = pg;

/** Rows of a table that were taken out of its default partition. */
export interface StrayRows {
  table: string;
  count: number;
  /** The temporary table that has them. */
  kept: string;
}

/**
 * Takes the rows of a month out of the default partitions, where they came because nobody had made the month's partitions
 * in time, and keep it from getting them. It is for a transaction, in which they are put back.
 */
export async function takeStrayRows(
  client: pg.Client,
  { tables, key, appendOnly }: MonthlyTables,
  month: Date,
): Promise<StrayRows[]> {
  const strays: StrayRows[] = [];
  // Those that belong to others first: nothing is left for the foreign keys to do.
  for (const { name, column } of tables.toReversed()) {
    const part = escapeIdentifier(`${name}_default`);
    const kept = escapeIdentifier(`stray_${name}`);
    const field = escapeIdentifier(column);
    const isStray = `${field} >= ${escapeLiteral(key.boundAt(month))}
      AND ${field} < ${escapeLiteral(key.boundAt(addMonths(month, 1)))}`;
    await client.query(`LOCK TABLE ${part} IN ACCESS EXCLUSIVE MODE`);
    const { rowCount } = await client.query(
      `CREATE TEMP TABLE ${kept} ON COMMIT DROP AS SELECT * FROM ${part} WHERE ${isStray}`,
    );
    if (!rowCount) continue;
    if (appendOnly) await client.query(`ALTER TABLE ${part} DISABLE TRIGGER audit_log_append_only`);
    await client.query(`DELETE FROM ${part} WHERE ${isStray}`);
    if (appendOnly) await client.query(`ALTER TABLE ${part} ENABLE ALWAYS TRIGGER audit_log_append_only`);
    strays.unshift({ table: name, count: rowCount, kept });
  }
  return strays;
}

/** Writes rows into their tables again, when the tables have partitions for them. */
export async function putBackStrayRows(client: pg.Client, strays: readonly StrayRows[]): Promise<void> {
  for (const { table, kept } of strays)
    await client.query(`INSERT INTO ${escapeIdentifier(table)} SELECT * FROM ${kept}`);
}
