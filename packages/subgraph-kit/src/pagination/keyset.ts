import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';

/** PostgreSQL types that a list can be ordered by; `currency` is the databases' enum `CurrencyCode`. */
export type KeyType = 'bigint' | 'currency' | 'integer' | 'text' | 'timestamptz' | 'uuid';

/** One column, or expression, of an order. */
export interface OrderKey<Row> {
  expression: Sql;
  type: KeyType;
  /** The row's value of it, as the cursor keeps it: exact, and accepted by PostgreSQL as text of this type. */
  value: (row: Row) => string | number | bigint;
}

/**
 * An order of a list that a keyset cursor can continue: the keys together are unique, never null, and there is
 * an index on them.
 */
export interface KeysetOrder<Row> {
  /** Part of the cursor, so that a cursor is refused by a list in another order. */
  name: string;
  /** Of all keys: PostgreSQL compares them as one row value, which an index serves from the cursor on. */
  direction: 'ASC' | 'DESC';
  keys: readonly OrderKey<Row>[];
}

export const timestampKey = <Row>(expression: Sql, value: (row: Row) => Date): OrderKey<Row> => ({
  expression,
  type: 'timestamptz',
  value: (row) => value(row).toISOString(),
});

export const uuidKey = <Row>(expression: Sql, value: (row: Row) => string): OrderKey<Row> => ({
  expression,
  type: 'uuid',
  value,
});

/** The direction to read in: a page before a cursor is read backwards from it. */
export const readingDirection = (order: KeysetOrder<never>, backward: boolean): 'ASC' | 'DESC' =>
  (order.direction === 'ASC') === backward ? 'DESC' : 'ASC';

/** A value as a bound parameter with its PostgreSQL type. */
export function typed(value: string, type: KeyType): Sql {
  switch (type) {
    case 'bigint':
      return sql`${value}::bigint`;
    case 'currency':
      return sql`${value}::"CurrencyCode"`;
    case 'integer':
      return sql`${value}::integer`;
    case 'text':
      return sql`${value}::text`;
    case 'timestamptz':
      return sql`${value}::timestamptz`;
    case 'uuid':
      return sql`${value}::uuid`;
  }
}
