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
 * @returns the partitions that were moved
 * @throws pg.DatabaseError `55P03` where a table is in use for too long, `42501` where the role does not own the tables
 */
export async function archivePartitions(
  client: pg.Client,
  group: MonthlyTables,
  now: Date,
  logger: Logger,
): Promise<string[]> {
  if (group.archiveAfterMonths === undefined) return [];
  const limit = addMonths(now, -group.archiveAfterMonths);
  const [{ name: first }] = group.tables;
  const old = (await readPartitions(client, group)).filter(
    ({ table, until }) => table === first && until <= limit,
  );
  const moved: string[] = [];
  for (const { bound, name } of old) {
    const isMoved = await changePartitions(client, async () => {
      const month = (await readPartitions(client, group)).filter((partition) => partition.bound === bound);
      const main = month.find(({ table }) => table === first);
      if (!main || (await isInUse(client, group, main))) return false;
      // Those that refer to the others first.
      for (const { name: table } of group.tables.toReversed()) {
        const partition = month.find((each) => each.table === table);
        if (partition) await move(client, partition);
      }
      return true;
    });
    if (isMoved) moved.push(name);
    else
      logger.info(
        { partition: name },
        'a partition is not archived yet: there is something in it that is in use',
      );
  }
  return moved;
}

/** Looks when nobody can change it any more. */
async function isInUse(
  client: pg.Client,
  { inUse }: MonthlyTables,
  { name, table }: Partition,
): Promise<boolean> {
  // The whole first, as everybody else does: who comes from the other side would wait for this one, and this one for them.
  await client.query(`LOCK TABLE ONLY ${escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
  if (inUse === undefined) return false;
  const { rowCount } = await client.query(`SELECT FROM ${escapeIdentifier(name)} WHERE ${inUse} LIMIT 1`);
  return rowCount !== 0;
}

async function move(client: pg.Client, { table, name, bound }: Partition): Promise<void> {
  const whole = escapeIdentifier(table);
  const part = escapeIdentifier(name);
  await client.query(`ALTER TABLE ${whole} DETACH PARTITION ${part}`);
  // What it referred to follows it, and would be held back.
  const { rows } = await client.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'f'`,
    [part],
  );
  for (const constraint of rows)
    await client.query(`ALTER TABLE ${part} DROP CONSTRAINT ${escapeIdentifier(constraint.name)}`);
  await client.query(`ALTER TABLE ${part} SET SCHEMA archive`);
  await client.query(`ALTER TABLE archive.${whole} ATTACH PARTITION archive.${part} ${bound}`);
}
