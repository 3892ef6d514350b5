import { InputError } from '../errors.ts';
import type { KeysetOrder, KeyType } from './keyset.ts';

/**
 * How a key's value must look to be sent to PostgreSQL, which has no year 0; anything else would be an error of
 * the database.
 */
const FORMS: Record<KeyType, RegExp> = {
  bigint: /^-?\d{1,18}$/,
  currency: /^(EUR|GBP|JPY|USD)$/,
  integer: /^-?\d{1,9}$/,
  text: /^[^\0]{0,1000}$/su,
  timestamptz: /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};

/** Where a row stands in an order: base64url of a JSON array of the order's name and the row's keys. Opaque to clients. */
export const toCursor = <Row>(order: KeysetOrder<Row>, row: Row): string =>
  Buffer.from(JSON.stringify([order.name, ...order.keys.map((key) => String(key.value(row)))])).toString(
    'base64url',
  );

/**
 * Reads a cursor back.
 *
 * @param argument - `after` or `before`, for the error
 * @returns the keys' values, in the order's sequence
 * @throws InputError `INVALID_CURSOR` when it is malformed, or of a list in another order
 */
export function fromCursor<Row>(order: KeysetOrder<Row>, cursor: string, argument: string): string[] {
  const values = read(order, cursor);
  if (values === null)
    throw new InputError('INVALID_CURSOR', argument, 'This is not a cursor of this list in this order.');
  return values;
}

/** Whether a cursor is well-formed and of a list in this order. */
export const isCursorOf = <Row>(order: KeysetOrder<Row>, cursor: string): boolean =>
  read(order, cursor) !== null;

function read<Row>(order: KeysetOrder<Row>, cursor: string): string[] | null {
  const [name, ...values] = parse(cursor);
  const fits =
    name === order.name &&
    values.length === order.keys.length &&
    order.keys.every((key, index) => isOfForm(values[index], key.type));
  return fits ? (values as string[]) : null;
}

function isOfForm(value: unknown, type: KeyType): boolean {
  if (typeof value !== 'string' || !FORMS[type].test(value)) return false;
  return type !== 'timestamptz' || isRealTime(value);
}

/** JavaScript takes February 31st for March 2nd, PostgreSQL does not. */
function isRealTime(value: string): boolean {
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
