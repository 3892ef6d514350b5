import pg from 'pg';
import { MONTHS_AHEAD } from './make-partitions.ts';
import type { MonthlyTables } from './monthly-tables.ts';
import { addMonths, monthOf } from './months.ts';

/**
 * Finds tables whose default partition has rows of the present month or the next ones: they keep their month from getting
 * a partition.
 *
 * @returns the tables' names
 */
export async function tablesWithStrays(
  client: pg.Client,
  { tables, key }: MonthlyTables,
  now: Date,
): Promise<string[]> {
  const range = [key.boundAt(monthOf(now)), key.boundAt(addMonths(now, MONTHS_AHEAD + 1))];
  const found: string[] = [];
  for (const { name, column } of tables) {
    const field = pg.escapeIdentifier(column);
    const strays = await client.query(
      `SELECT FROM ${pg.escapeIdentifier(`${name}_default`)} WHERE ${field} >= $1 AND ${field} < $2 LIMIT 1`,
      range,
    );
    if (strays.rowCount) found.push(name);
  }
  return found;
}
