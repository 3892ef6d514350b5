import { resolvers as orders } from '@tributary/orders/parts';
import { maySeeVariant, resolvers as products } from '@tributary/products/parts';
import { toGlobalId } from '@tributary/subgraph-kit';
import type { Context } from './context.ts';
import { type FieldResolver, type ResolverMap, resolverOf } from './resolver-map.ts';

/** What a line of an order or a cart says of its variant. */
interface Line {
  /** The variant's uuid. */
  variantId: string;
  quantity: number;
}

const ordersOfUser = resolverOf<Context['orders']>(orders, 'User', 'orders');
const cartOfUser = resolverOf<Context['orders']>(orders, 'User', 'cart');
const subtotalOfCart = resolverOf<Context['products']>(products, 'Cart', 'subtotal');
const totalOfCartLine = resolverOf<Context['products']>(products, 'CartLine', 'lineTotal');

/** The variant of a line, for those who may see it. */
const variant: FieldResolver<Context> = async (
  { variantId }: Line,
  _args,
  { products: { loaders, viewer } },
) => {
  const found = await loaders.variantById.load(variantId);
  return found && maySeeVariant(viewer, found) ? found : null;
};

/** A line as the products subgraph knows it. */
const toPricedLine = ({ quantity, variantId }: Line) => ({
  quantity,
  variant: { id: toGlobalId('ProductVariant', variantId) },
});

/** Where one subgraph's data leads to another's: what takes a gateway a fetch is a call here. */
export const links: ResolverMap<Context> = {
  User: {
    orders: ({ id }: { id: string }, args, context, info) =>
      ordersOfUser({ userId: id }, args, context.orders, info),
    cart: ({ id }: { id: string }, args, context, info) =>
      cartOfUser({ userId: id }, args, context.orders, info),
  },
  Order: {
    customer: ({ userId }: { userId: string }, _args, { users }) => users.loaders.userById.load(userId),
  },
  OrderEvent: {
    actor: ({ actorId }: { actorId: string | null }, _args, { users }) =>
      actorId === null ? null : users.loaders.userById.load(actorId),
  },
  OrderLine: { variant },
  Cart: {
    subtotal: async ({ id }: { id: string }, args, context, info) => {
      const lines = await context.orders.loaders.linesOfCart.load(id);
      return subtotalOfCart({ lines: lines.map(toPricedLine) }, args, context.products, info);
    },
  },
  CartLine: {
    variant,
    lineTotal: (line: Line, args, context, info) =>
      totalOfCartLine(toPricedLine(line), args, context.products, info),
  },
};
