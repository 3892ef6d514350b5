import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { VARIANT_COLUMNS, VARIANT_TABLES, type Variant } from '../variant.rows.ts';

/** The columns of a variant beside others; all null when there is none. */
export type VariantColumns = { [Column in keyof Variant]: Variant[Column] | null };

/**
 * Joins variants to rows that name them, as `variant`, by two index lookups for each row.
 *
 * @param variantId - the column that names it, which may be null
 */
export const joinVariant = (variantId: Sql): Sql => sql`
  LEFT JOIN LATERAL (
    SELECT ${VARIANT_COLUMNS} FROM ${VARIANT_TABLES} WHERE v.id = ${variantId} LIMIT 1
  ) variant ON true`;

/** The variant of a row that `joinVariant` made; null when there is none. */
export function joinedVariant(row: VariantColumns): Variant | null {
  const { id, productId, sku, title, priceMinor, position, currency, productStatus } = row;
  return id === null
    ? null
    : ({ id, productId, sku, title, priceMinor, position, currency, productStatus } as Variant);
}
