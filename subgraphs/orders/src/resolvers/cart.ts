import { fromGlobalId, maySee, toGlobalId } from '@tributary/subgraph-kit';
import type { CartLineResolvers, CartResolvers } from '../generated/schema-types.ts';

export const Cart: CartResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const cart = await loaders.cartById.load(fromGlobalId('Cart', id, 'id'));
    return cart && maySee(viewer, cart.userId) ? cart : null;
  },
  id: (cart) => toGlobalId('Cart', cart.id),
  lines: async (cart, _args, { loaders }) => [...(await loaders.linesOfCart.load(cart.id))],
};

export const CartLine: CartLineResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const line = await loaders.cartLineById.load(fromGlobalId('CartLine', id, 'id'));
    return line && maySee(viewer, line.userId) ? line : null;
  },
  id: (line) => toGlobalId('CartLine', line.id),
  variant: ({ variantId }) => ({ variantId }),
};
