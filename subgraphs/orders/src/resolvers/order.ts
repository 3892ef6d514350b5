import { fromGlobalId, mayRead, money, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { OrderAddressResolvers, OrderResolvers } from '../generated/schema-types.ts';
import { nextStatuses } from '../services/order-transitions.ts';

export const Order: OrderResolvers = {
  __resolveReference: async ({ id }, context) => {
    const order = await context.loaders.orderById.load(fromGlobalId('Order', id, 'id'));
    return order && mayRead(context, order.userId, 'orders') ? order : null;
  },
  id: (order) => toGlobalId('Order', order.id),
  nextStatuses: (order) => [...nextStatuses(order.status)],
  customer: ({ userId }) => ({ userId }),
  lines: async ({ id, currency }, _args, { loaders }) =>
    (await loaders.linesOfOrder.load(id)).map((line) => ({ ...line, currency })),
  total: (order) => money(order.totalMinor, order.currency),
  payment: ({ id }, _args, { loaders }) => loaders.paymentOfOrder.load(id),
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
