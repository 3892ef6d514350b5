import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma } from '@tributary/prisma/orders/client';

/** A line of a cart, with what it is to buy. */
export interface Line {
  /** Uuid. */
  variantId: string;
  /** Pieces. */
  quantity: number;
  sku: string;
  title: string;
  priceMinor: bigint;
  currency: string;
  /** Pieces in stock. */
  available: number;
}

/** @returns the id of the user's cart, which nobody else changes until the transaction ends; null when there is none */
export async function lockCart(tx: Prisma.TransactionClient, userId: string): Promise<string | null> {
  const [cart] = await tx.$queryRaw<{ id: string }[]>(
    sql`SELECT id FROM carts WHERE user_id = ${userId}::uuid FOR UPDATE`,
  );
  return cart?.id ?? null;
}

/** Reads a cart's lines, and locks their stock: by variant, so that two orders cannot wait for each other in a circle. */
export const lockStock = (tx: Prisma.TransactionClient, cartId: string | null) =>
  tx.$queryRaw<Line[]>(sql`
    SELECT l.variant_id AS "variantId", l.quantity, v.sku, offer_title(p.title, v.title) AS title,
      v.price_minor AS "priceMinor", p.currency::text, i.on_hand - i.reserved AS available
    FROM cart_lines l JOIN product_variants v ON v.id = l.variant_id JOIN products p ON p.id = v.product_id
    JOIN inventory i ON i.variant_id = v.id
    WHERE l.cart_id = ${cartId}::uuid AND p.status = 'ACTIVE'
    ORDER BY i.variant_id FOR UPDATE OF i`);

/** Takes what is locked out of stock. */
export const takeStock = (tx: Prisma.TransactionClient, lines: readonly Line[]) =>
  tx.$executeRaw(sql`
    UPDATE inventory i SET on_hand = i.on_hand - l.quantity
    FROM unnest(${lines.map(({ variantId }) => variantId)}::uuid[], ${lines.map(({ quantity }) => quantity)}::int[])
      AS l(variant_id, quantity)
    WHERE i.variant_id = l.variant_id`);

/** Removes a cart that was bought. */
export const emptyCart = (tx: Prisma.TransactionClient, cartId: string | null) =>
  tx.$executeRaw(sql`DELETE FROM carts WHERE id = ${cartId}::uuid`);
