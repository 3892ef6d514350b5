import { fromGlobalId, mayRead, toGlobalId } from '@tributary/subgraph-kit';
import type { Context } from '../context.ts';
import type { CartLineResolvers, CartResolvers } from '../generated/schema-types.ts';

export const Cart: CartResolvers = {
  __resolveReference: async ({ id }, context) => {
    const cart = await context.loaders.cartById.load(fromGlobalId('Cart', id, 'id'));
    return cart && mayReach(context, cart) ? cart : null;
  },
  id: (cart) => toGlobalId('Cart', cart.id),
  lines: async (cart, _args, { loaders }) => [...(await loaders.linesOfCart.load(cart.id))],
};

export const CartLine: CartLineResolvers = {
  __resolveReference: async ({ id }, context) => {
    const line = await context.loaders.cartLineById.load(fromGlobalId('CartLine', id, 'id'));
    return line && mayReach(context, line) ? line : null;
  },
  id: (line) => toGlobalId('CartLine', line.id),
  variant: ({ variantId }) => ({ variantId }),
};

/** A cart without an owner is reached by its token only, which no reference has. */
const mayReach = (context: Context, { userId }: { userId: string | null }): boolean =>
  userId !== null && mayRead(context, userId, 'cart');
