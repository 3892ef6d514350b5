import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Cart } from '@tributary/prisma/orders/client';

/** A cart, without what its token is known by. */
export type CartRow = Pick<Cart, 'id' | 'userId' | 'updatedAt'>;

/** A cart's columns under the names that Prisma gives them; the table is `c`. */
export const CART_COLUMNS = sql`c.id, c.user_id AS "userId", c.updated_at AS "updatedAt"`;
