import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { notFound, Refusal, userError } from '@tributary/subgraph-kit';
import type { CartRow } from '../cart/cart.rows.ts';
import type { WantedLine } from '../inventory.ts';

/** What a user's cart holds at one moment. */
export interface CartContents extends CartRow {
  /** One at least. */
  lines: WantedLine[];
}

/**
 * Reads a user's cart.
 *
 * @param cartId - uuid of the one that it has to be; null when any will do
 * @throws Refusal when it is another, or empty
 */
export async function readCart(
  prisma: PrismaClient,
  userId: string,
  cartId: string | null,
): Promise<CartContents> {
  // One statement, so that lines and time are of the same moment.
  const rows = await prisma.$queryRaw<{ id: string; updatedAt: Date; line: WantedLine | null }[]>(sql`
    SELECT c.id, c.updated_at AS "updatedAt",
      CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('variantId', l.variant_id, 'quantity', l.quantity) END AS line
    FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id
    WHERE c.user_id = ${userId}::uuid
    ORDER BY l.created_at, l.id`);
  const [cart] = rows;
  if (cartId !== null && cart?.id !== cartId)
    throw new Refusal(notFound(['cartId'], 'This is not your cart any more.'));
  const lines = rows.flatMap(({ line }) => line ?? []);
  if (!cart || lines.length === 0)
    throw new Refusal(userError('CartEmptyError', 'CART_EMPTY', 'There is nothing in the cart.'));
  return { id: cart.id, userId, updatedAt: cart.updatedAt, lines };
}
