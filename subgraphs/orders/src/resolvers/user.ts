import {
  fromGlobalId,
  mayRead,
  pageRequest,
  toConnection,
  toGlobalId,
  unauthenticated,
} from '@tributary/subgraph-kit';
import type { UserResolvers } from '../generated/schema-types.ts';
import { DEFAULT_ORDER_SORT } from '../services/order.rows.ts';
import { orderCriteria } from '../services/order-criteria.ts';

export const User: UserResolvers = {
  // Whether there is such a user is for the users subgraph to say.
  __resolveReference: ({ id }) => ({ userId: fromGlobalId('User', id, 'id') }),
  id: ({ userId }) => toGlobalId('User', userId),
  orders: async ({ userId }, { filter, sort, ...args }, context) => {
    const criteria = orderCriteria(filter);
    const request = { criteria, sort: sort ?? DEFAULT_ORDER_SORT, page: pageRequest(args) };
    if (!context.viewer) throw unauthenticated();
    if (!mayRead(context, userId, 'orders')) return null;
    const { loaders } = context;
    return {
      ...toConnection(await loaders.ordersOfUser.load({ parentId: userId, args: request })),
      totalCount: () => loaders.orderCountOfUser.load({ parentId: userId, args: criteria }),
    };
  },
  cart: async ({ userId }, _args, context) => {
    if (!context.viewer) throw unauthenticated();
    if (!mayRead(context, userId, 'cart')) return null;
    const cart = await context.loaders.cartOfUser.load(userId);
    // Nothing tells when there will be one: it has no id yet.
    if (!cart) context.caching.refuse();
    return cart;
  },
};
