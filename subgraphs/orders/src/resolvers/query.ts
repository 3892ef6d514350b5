import { fromGlobalId, mayRead, pageRequest, toConnection } from '@tributary/subgraph-kit';
import type { Context } from '../context.ts';
import type { QueryResolvers } from '../generated/schema-types.ts';
import { DEFAULT_ORDER_SORT } from '../services/order.rows.ts';
import { orderCriteria } from '../services/order-criteria.ts';
import { parseOrderNumber } from '../services/order-number.ts';
import type { OrderParent } from './parents.ts';
import { personQueries } from './person.ts';

export const Query: QueryResolvers = {
  ...personQueries,

  cart: (_parent, { token }, { viewer, carts, loaders }) => {
    if (typeof token === 'string') return carts.ofToken(token);
    return viewer ? loaders.cartOfUser.load(viewer.userId) : null;
  },

  order: async (_parent, { id }, context) =>
    ifReadable(context, await context.loaders.orderById.load(fromGlobalId('Order', id, 'id'))),

  orderByNumber: async (_parent, { number }, context) =>
    ifReadable(context, await context.loaders.orderByNumber.load(parseOrderNumber(number, 'number'))),

  orders: async (_parent, { filter, sort, ...page }, { orders, audit }) => {
    const criteria = orderCriteria(filter);
    const connection = toConnection(
      await orders.list(criteria, sort ?? DEFAULT_ORDER_SORT, pageRequest(page)),
    );
    for (const { node } of connection.edges) audit.noteRead(node.userId, 'orders');
    return {
      ...connection,
      totalCount: () => orders.count(criteria),
    };
  },
};

const ifReadable = (context: Context, order: OrderParent | null): OrderParent | null =>
  order && mayRead(context, order.userId, 'orders') ? order : null;
