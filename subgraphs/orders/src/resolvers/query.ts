import { fromGlobalId, maySee, pageRequest, toConnection, type Viewer } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';
import { DEFAULT_ORDER_SORT } from '../services/order.rows.ts';
import { orderCriteria } from '../services/order-criteria.ts';
import { parseOrderNumber } from '../services/order-number.ts';
import type { OrderParent } from './parents.ts';

export const Query: QueryResolvers = {
  cart: (_parent, _args, { viewer, loaders }) => (viewer ? loaders.cartOfUser.load(viewer.userId) : null),

  order: async (_parent, { id }, { viewer, loaders }) =>
    visibleTo(viewer, await loaders.orderById.load(fromGlobalId('Order', id, 'id'))),

  orderByNumber: async (_parent, { number }, { viewer, loaders }) =>
    visibleTo(viewer, await loaders.orderByNumber.load(parseOrderNumber(number, 'number'))),

  orders: async (_parent, { filter, sort, ...page }, { orders }) => {
    const criteria = orderCriteria(filter);
    return {
      ...toConnection(await orders.list(criteria, sort ?? DEFAULT_ORDER_SORT, pageRequest(page))),
      totalCount: () => orders.count(criteria),
    };
  },
};

const visibleTo = (viewer: Viewer | null, order: OrderParent | null): OrderParent | null =>
  order && maySee(viewer, order.userId) ? order : null;
