import { fromGlobalId, mayRead, missing, unauthenticated } from '@tributary/subgraph-kit';
import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../generated/schema-types.ts';
import type { OrderStep } from '../services/events/order-steps.ts';
import type { OrderParent } from './parents.ts';

export const Subscription: SubscriptionResolvers = {
  orderStatusChanged: {
    async subscribe(_parent, { orderId }, context) {
      const { id } = await readableOrder(context, fromGlobalId('Order', orderId, 'orderId'));
      return context.orderSubscriptions.ofOrder(id);
    },
    resolve: eventOf,
  },
  viewerOrdersChanged: {
    subscribe(_parent, _args, { viewer, orderSubscriptions }) {
      if (!viewer) throw unauthenticated();
      return orderSubscriptions.ofUser(viewer.userId);
    },
    resolve: eventOf,
  },
};

/** Asked at each event, so that who may not see the order any more is told nothing of it. */
async function eventOf(step: OrderStep, _args: object, context: Context) {
  return { ...step, order: await readableOrder(context, step.orderId) };
}

/** @throws GraphQLError `NOT_FOUND` for an order that is not there, or that the viewer may not see */
async function readableOrder(context: Context, orderId: string): Promise<OrderParent> {
  const order = await context.loaders.orderById.load(orderId);
  if (!order || !mayRead(context, order.userId, 'orders')) throw missing('There is no such order.');
  return order;
}
