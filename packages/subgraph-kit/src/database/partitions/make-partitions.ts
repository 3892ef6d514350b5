import type { Logger } from '@tributary/platform';
import pg from 'pg';
import type { MonthlyTables } from './monthly-tables.ts';
import { addMonths, monthOf, monthSuffix } from './months.ts';
import { readPartitions, readyUntil } from './read-partitions.ts';
import { putBackStrayRows, type StrayRows, takeStrayRows } from './stray-rows.ts';
import { changePartitions } from './transaction.ts';

/** Months after the present one that partitions are made for. */
const MONTHS_AHEAD = 3;

const { escapeIdentifier, escapeLiteral } = pg;

/**
 * Makes the partitions of the next months, and of those up to now that are missing after the last one: those of one month for all of the
 * tables in one transaction, so that a row and what belongs to it always have one. Any number of processes may do so.
 *
 * @throws pg.DatabaseError `55P03` where a table is in use for too long, `42501` where the role does not own the tables
 */
export async function makePartitions(
  client: pg.Client,
  group: MonthlyTables,
  now: Date,
  logger: Logger,
): Promise<void> {
  for (;;) {
    const made = await changePartitions(client, async () => {
      const next = await nextMonth(client, group, now);
      if (next > addMonths(now, MONTHS_AHEAD)) return null;
      return { next, strays: await makeMonth(client, group, next) };
    });
    if (!made) return;
    const line = { table: group.tables[0].name, month: monthSuffix(made.next) };
    logger.info(line, 'partitions were made');
    for (const { table, count } of made.strays)
      logger.error(
        { ...line, table, count },
        'rows had come before their partition was made, and are in it now',
      );
  }
}

/** The month after the last that there is, also when that has gone by without partitions. */
const nextMonth = async (client: pg.Client, group: MonthlyTables, now: Date): Promise<Date> =>
  readyUntil(await readPartitions(client, group), group.tables[0].name) ?? monthOf(now);

async function makeMonth(client: pg.Client, group: MonthlyTables, month: Date): Promise<StrayRows[]> {
  const { tables, key, appendOnly } = group;
  const from = escapeLiteral(key.boundAt(month));
  const to = escapeLiteral(key.boundAt(addMonths(month, 1)));
  const strays = await takeStrayRows(client, group, month);
  const main = escapeIdentifier(`${tables[0].name}_${monthSuffix(month)}`);
  for (const table of tables) {
    const name = escapeIdentifier(`${table.name}_${monthSuffix(month)}`);
    const whole = escapeIdentifier(table.name);
    // Made apart and attached: a table that is made as a partition keeps even readers of the others waiting.
    await client.query(`CREATE TABLE ${name} (LIKE ${whole} INCLUDING ALL)`);
    if (table !== tables[0]) await client.query('SELECT refer_to_month($1, $2)', [name, main]);
    if (appendOnly) await client.query(`SELECT keep_append_only(${escapeLiteral(name)})`);
    await client.query(`ALTER TABLE ${whole} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
  }
  await putBackStrayRows(client, strays);
  return strays;
}
