import type { Logger } from '@tributary/platform';
import pg from 'pg';
import type { MonthlyTables } from './monthly-tables.ts';
import { addMonths } from './months.ts';
import { type Partition, readPartitions } from './read-partitions.ts';
import { changePartitions } from './transaction.ts';

const { escapeIdentifier } = pg;

/**
 * Moves partitions that are old enough to the tables of the same names in the schema `archive`: those of a month for all
 * tables in one transaction, so that nobody ever sees a row without what belongs to it. No row is copied.
 *
 * It is not done `CONCURRENTLY`, which PostgreSQL does neither in a transaction nor beside a default partition; the tables
 * are locked for the moment that it takes.
 *
 * @throws pg.DatabaseError `55P03` or `40P01` where a table is in use for too long, `42501` where the role does not own the
 *   tables
 */
export async function archivePartitions(
  client: pg.Client,
  group: MonthlyTables,
  now: Date,
  logger: Logger,
): Promise<void> {
  if (group.archiveAfterMonths === undefined) return;
  const limit = addMonths(now, -group.archiveAfterMonths);
  const [{ name: first }] = group.tables;
  const old = (await readPartitions(client, group)).filter(
    ({ table, until }) => table === first && until <= limit,
  );
  for (const { bound, name } of old) {
    const outcome = await changePartitions(client, () => archiveMonth(client, group, bound));
    logger.info({ partition: name }, `archiving a month: ${outcome}`);
  }
}

type Outcome = 'archived' | 'still in use' | 'archived by another process';

async function archiveMonth(client: pg.Client, group: MonthlyTables, bound: string): Promise<Outcome> {
  const month = (await readPartitions(client, group)).filter((partition) => partition.bound === bound);
  const main = month.find(({ table }) => table === group.tables[0].name);
  if (!main) return 'archived by another process';
  // Whoever would change the month waits; whoever reads does not, but for the end.
  await client.query(
    `LOCK TABLE ${month.map(({ name }) => escapeIdentifier(name)).join(', ')} IN SHARE MODE`,
  );
  if (await isInUse(client, group, main)) return 'still in use';
  // Those that refer to the others first.
  for (const { name } of group.tables.toReversed()) {
    const partition = month.find(({ table }) => table === name);
    if (partition) await move(client, partition);
  }
  return 'archived';
}

async function isInUse(client: pg.Client, { inUse }: MonthlyTables, { name }: Partition): Promise<boolean> {
  if (inUse === undefined) return false;
  const { rowCount } = await client.query(`SELECT FROM ${escapeIdentifier(name)} WHERE ${inUse} LIMIT 1`);
  return rowCount !== 0;
}

async function move(client: pg.Client, { table, name, bound }: Partition): Promise<void> {
  const whole = escapeIdentifier(table);
  const part = escapeIdentifier(name);
  await client.query(`ALTER TABLE ${whole} DETACH PARTITION ${part}`);
  // What it referred to as a part of the whole, not what belongs to it of the same month.
  const { rows } = await client.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'f' AND conparentid = 0 AND confrelid IN (SELECT partrelid FROM pg_partitioned_table)`,
    [part],
  );
  for (const constraint of rows)
    await client.query(`ALTER TABLE ${part} DROP CONSTRAINT ${escapeIdentifier(constraint.name)}`);
  await client.query(`ALTER TABLE ${part} SET SCHEMA archive`);
  await client.query(`ALTER TABLE archive.${whole} ATTACH PARTITION archive.${part} ${bound}`);
}
