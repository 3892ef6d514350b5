import { fromGlobalId, maySee, money, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { OrderAddressResolvers, OrderResolvers } from '../generated/schema-types.ts';
import { nextStatuses } from '../services/order-transitions.ts';

export const Order: OrderResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const order = await loaders.orderById.load(fromGlobalId('Order', id, 'id'));
    return order && maySee(viewer, order.userId) ? order : null;
  },
  id: (order) => toGlobalId('Order', order.id),
  nextStatuses: (order) => [...nextStatuses(order.status)],
  customer: ({ userId }) => ({ userId }),
  lines: async ({ id, currency }, _args, { loaders }) =>
    (await loaders.linesOfOrder.load(id)).map((line) => ({ ...line, currency })),
  total: (order) => money(order.totalMinor, order.currency),
  shippingAddress: (order) => order,
  history: async (order, args, { loaders }) =>
    toConnection(await loaders.historyOfOrder.load({ parentId: order.id, args: pageRequest(args) })),
};

export const OrderAddress: OrderAddressResolvers = {
  recipient: (order) => order.shipToRecipient,
  line1: (order) => order.shipToLine1,
  line2: (order) => order.shipToLine2,
  city: (order) => order.shipToCity,
  region: (order) => order.shipToRegion,
  postalCode: (order) => order.shipToPostalCode,
  countryCode: (order) => order.shipToCountryCode,
};
