import { join, raw, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { groupBy } from '../group-by.ts';
import { fromCursor } from './cursor.ts';
import { type KeysetOrder, readingDirection, typed } from './keyset.ts';
import type { PageRequest } from './page-request.ts';

/** What runs a statement: a Prisma client, or a transaction of one. */
export interface Queryable {
  $queryRaw<Rows>(statement: Sql): PromiseLike<Rows>;
}

/** A list to take pages from. */
export interface ListSource<Row> {
  /** What is selected; the names are those of `Row`. */
  columns: Sql;
  /** Table with its joins. */
  from: Sql;
  /** All must hold. */
  where: readonly Sql[];
  order: KeysetOrder<Row>;
}

/** A page's rows in the list's order, and whether there are others around them. */
export interface Page<Row> {
  rows: readonly Row[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  order: KeysetOrder<Row>;
}

/** One page of a list, in one statement. */
export async function fetchPage<Row>(
  db: Queryable,
  list: ListSource<Row>,
  request: PageRequest,
): Promise<Page<Row>> {
  const rows = await db.$queryRaw<Row[]>(pageStatement(list, request));
  return toPage(rows, list.order, request);
}

/**
 * The same page of each parent's list, in one statement however many parents there are.
 *
 * @param parent - the list's column that refers to the parent; must be the first of an index with the order's keys
 * @returns by parent id; a parent without rows has an empty page
 */
export async function fetchPages<Row>(
  db: Queryable,
  list: ListSource<Row>,
  parent: { column: Sql; ids: readonly string[] },
  request: PageRequest,
): Promise<Map<string, Page<Row>>> {
  const ofParent = { ...list, where: [sql`${parent.column} = parent.id`, ...list.where] };
  const rows = await db.$queryRaw<(Row & { parentId: string })[]>(sql`
    SELECT parent.id AS "parentId", item.*
    FROM unnest(${[...parent.ids]}::uuid[]) WITH ORDINALITY AS parent(id, place)
    CROSS JOIN LATERAL (SELECT row_number() OVER () AS "place", page.* FROM (${pageStatement(ofParent, request)}) page) item
    ORDER BY parent.place, item."place"`);
  const byParent = groupBy(rows, (row) => row.parentId);
  return new Map(parent.ids.map((id) => [id, toPage<Row>(byParent.get(id) ?? [], list.order, request)]));
}

/** A page without rows, for a list that is known to be empty. */
export const emptyPage = <Row>(order: KeysetOrder<Row>): Page<Row> => ({
  rows: [],
  hasNextPage: false,
  hasPreviousPage: false,
  order,
});

function pageStatement<Row>({ columns, from, where, order }: ListSource<Row>, request: PageRequest): Sql {
  const direction = readingDirection(order, request.direction === 'backward');
  const conditions = request.cursor === null ? where : [...where, beyond(order, request, direction)];
  const keys = order.keys.map(({ expression }) => sql`${expression} ${raw(direction)}`);
  // One row more than asked for tells whether there is a further page.
  return sql`
    SELECT ${columns} FROM ${from}
    ${conditions.length === 0 ? raw('') : sql`WHERE ${join(conditions, ' AND ')}`}
    ORDER BY ${join(keys)}
    LIMIT ${request.size + 1}`;
}

function beyond<Row>(order: KeysetOrder<Row>, request: PageRequest, direction: 'ASC' | 'DESC'): Sql {
  const argument = request.direction === 'forward' ? 'after' : 'before';
  const values = fromCursor(order, request.cursor ?? '', argument);
  const keys = join(order.keys.map(({ expression }) => expression));
  const bounds = join(order.keys.map(({ type }, index) => typed(values[index] as string, type)));
  return sql`(${keys}) ${raw(direction === 'ASC' ? '>' : '<')} (${bounds})`;
}

function toPage<Row>(fetched: Row[], order: KeysetOrder<Row>, request: PageRequest): Page<Row> {
  const more = fetched.length > request.size;
  const rows = fetched.slice(0, request.size);
  // The row of a cursor lies just outside of its page.
  return request.direction === 'forward'
    ? { rows, order, hasNextPage: more, hasPreviousPage: request.cursor !== null }
    : { rows: rows.reverse(), order, hasNextPage: request.cursor !== null, hasPreviousPage: more };
}
