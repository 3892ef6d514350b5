import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { ListSource, Queryable } from './fetch-page.ts';

/** All of the conditions, of which there may be none. */
export const allOf = (conditions: readonly Sql[]): Sql => join([sql`true`, ...conditions], ' AND ');

/** Length of a whole list. */
export async function countRows(
  db: Queryable,
  { from, where }: Pick<ListSource<never>, 'from' | 'where'>,
): Promise<number> {
  const rows = await db.$queryRaw<{ count: bigint }[]>(
    sql`SELECT count(*) FROM ${from} WHERE ${allOf(where)}`,
  );
  return Number(rows[0]?.count);
}
