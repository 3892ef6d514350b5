import { sqltag as sql } from '@prisma/client/runtime/client';
import type { CartLine, PrismaClient } from '@tributary/prisma/orders/client';
import { createChildrenLoader, createRowLoader } from '@tributary/subgraph-kit';
import type { CartRow } from '../services/cart/cart.rows.ts';

/** A line with the user whose cart it is in. */
export interface OwnedCartLine extends CartLine {
  /** Null where the cart has no owner. */
  userId: string | null;
}

const CART = { id: true, userId: true, updatedAt: true } as const;

/** Ways of looking carts up, and what they hold. */
export const createCartLoaders = (prisma: PrismaClient) => ({
  cartById: createRowLoader<CartRow>(
    (ids) => prisma.cart.findMany({ where: { id: { in: [...ids] } }, select: CART }),
    (cart) => cart.id,
  ),
  cartOfUser: createRowLoader<CartRow>(
    (userIds) => prisma.cart.findMany({ where: { userId: { in: [...userIds] } }, select: CART }),
    ({ userId }) => userId ?? '',
  ),
  linesOfCart: createChildrenLoader<CartLine>(
    (cartIds) =>
      prisma.cartLine.findMany({
        where: { cartId: { in: [...cartIds] } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
    (line) => line.cartId,
  ),
  // By hand, because Prisma reads a relation in a statement of its own.
  cartLineById: createRowLoader<OwnedCartLine>(
    (ids) =>
      prisma.$queryRaw<OwnedCartLine[]>(sql`
        SELECT l.id, l.cart_id AS "cartId", l.variant_id AS "variantId", l.quantity, l.created_at AS "createdAt",
          c.user_id AS "userId"
        FROM cart_lines l JOIN carts c ON c.id = l.cart_id
        WHERE l.id = ANY (${[...ids]}::uuid[])`),
    (line) => line.id,
  ),
});
