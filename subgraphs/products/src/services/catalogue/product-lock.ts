import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma, Product } from '@tributary/prisma/products/client';
import { PRODUCT_COLUMNS } from '../product.rows.ts';
import { missing } from './catalogue-errors.ts';

/** A transaction on the products database. */
export type Transaction = Prisma.TransactionClient;

/**
 * Reads a product, and keeps others from changing it, or its variants, until the transaction ends.
 *
 * @param id - uuid, or null for what is no id of a product
 * @param field - where the client gave it
 * @throws Refusal when there is no such product
 */
export async function lockProduct(tx: Transaction, id: string | null, field: string): Promise<Product> {
  const rows = await tx.$queryRaw<Product[]>(sql`
    SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.id = ${id}::uuid FOR UPDATE`);
  if (!rows[0]) throw missing([field]);
  return rows[0];
}

/**
 * The time of a change: later than the last one's, though the clock be slow or the change quick. `expectedUpdatedAt`
 * tells versions apart by it.
 */
export const nextVersion = ({ updatedAt }: Pick<Product, 'updatedAt'>): Date =>
  new Date(Math.max(Date.now(), updatedAt.getTime() + 1));
