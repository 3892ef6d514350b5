import type pg from 'pg';
import type { MonthlyTables } from './monthly-tables.ts';

/** A partition of one of the tables, but for the default one. */
export interface Partition {
  table: string;
  name: string;
  /** `FOR VALUES …`, as PostgreSQL writes it. */
  bound: string;
  /** What it holds is from before this moment. */
  until: Date;
}

/** Reads which partitions there are, the oldest first. */
export async function readPartitions(
  client: pg.Client,
  { tables, key }: MonthlyTables,
): Promise<Partition[]> {
  const { rows } = await client.query<Omit<Partition, 'until'>>(
    `SELECT given.name AS "table", part.relname AS name, pg_get_expr(part.relpartbound, part.oid) AS bound
     FROM unnest($1::text[]) AS given(name)
     JOIN pg_inherits ON inhparent = to_regclass(given.name) JOIN pg_class part ON part.oid = inhrelid`,
    [tables.map(({ name }) => name)],
  );
  return rows
    .flatMap((row) => {
      const end = / TO \('([^']+)'\)$/.exec(row.bound)?.[1];
      return end === undefined ? [] : [{ ...row, until: key.timeOf(end) }];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

/** The moment up to which a table has partitions; undefined when it has none. */
export const readyUntil = (partitions: readonly Partition[], table: string): Date | undefined =>
  partitions.findLast((partition) => partition.table === table)?.until;
