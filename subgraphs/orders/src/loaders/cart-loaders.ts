import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Cart, CartLine, PrismaClient } from '@tributary/prisma/orders/client';
import { createChildrenLoader, createRowLoader } from '@tributary/subgraph-kit';

/** A line with the user whose cart it is in. */
export interface OwnedCartLine extends CartLine {
  userId: string;
}

/** Ways of looking carts up, and what they hold. */
export const createCartLoaders = (prisma: PrismaClient) => ({
  cartById: createRowLoader<Cart>(
    (ids) => prisma.cart.findMany({ where: { id: { in: [...ids] } } }),
    (cart) => cart.id,
  ),
  cartOfUser: createRowLoader<Cart>(
    (userIds) => prisma.cart.findMany({ where: { userId: { in: [...userIds] } } }),
    (cart) => cart.userId,
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
