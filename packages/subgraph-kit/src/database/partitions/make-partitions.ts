import pg from 'pg';
import type { MonthlyTables } from './monthly-tables.ts';
import { addMonths, monthOf, monthSuffix } from './months.ts';
import { readPartitions, readyUntil } from './read-partitions.ts';
import { changePartitions } from './transaction.ts';

/** Months after the present one that partitions are made for. */
export const MONTHS_AHEAD = 3;

const { escapeIdentifier, escapeLiteral } = pg;

/**
 * Makes the partitions of the present month and the next ones, where they are missing: those of one month for all of the
 * tables in one transaction, so that a row and what belongs to it always have one. Any number of processes may do so.
 *
 * @returns the months that were made, as in `2026_12`
 * @throws pg.DatabaseError `23514` where the default partition has rows of a month, `55P03` where a table is in use for
 *   too long, `42501` where the role does not own the tables
 */
export async function makePartitions(client: pg.Client, group: MonthlyTables, now: Date): Promise<string[]> {
  const made: string[] = [];
  for (;;) {
    const month = await changePartitions(client, async () => {
      const next = await nextMonth(client, group, now);
      if (next > addMonths(now, MONTHS_AHEAD)) return null;
      await makeMonth(client, group, next);
      return next;
    });
    if (!month) return made;
    made.push(monthSuffix(month));
  }
}

/** The month after the last that all tables have; the present one where they end before it. */
async function nextMonth(client: pg.Client, group: MonthlyTables, now: Date): Promise<Date> {
  const until = readyUntil(await readPartitions(client, group), group.tables[0].name);
  const present = monthOf(now);
  return until && until > present ? until : present;
}

async function makeMonth(client: pg.Client, { tables, key, appendOnly }: MonthlyTables, month: Date) {
  const from = escapeLiteral(key.boundAt(month));
  const to = escapeLiteral(key.boundAt(addMonths(month, 1)));
  for (const table of tables) {
    const name = escapeIdentifier(`${table.name}_${monthSuffix(month)}`);
    const whole = escapeIdentifier(table.name);
    // Made apart and attached: a table that is made as a partition keeps even readers of the others waiting.
    await client.query(`CREATE TABLE ${name} (LIKE ${whole} INCLUDING ALL)`);
    if (appendOnly) await client.query(`SELECT keep_append_only(${escapeLiteral(name)})`);
    await client.query(`ALTER TABLE ${whole} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
  }
}
