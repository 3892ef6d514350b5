import type { NewJob } from '@tributary/jobs';
import type { Order, OrderStatus } from '@tributary/prisma/orders/client';
import { tellOfStep } from './events/order-feed.ts';
import type { ActorKind } from './order-transitions.ts';

/**
 * The jobs that go with a step of an order.
 *
 * @param order - as it is after the step
 * @param from - its status before
 */
export function jobsAfter(
  { id: orderId, userId, status: to, updatedAt }: Order,
  from: OrderStatus,
  by: ActorKind,
): NewJob[] {
  const forOrder = (task: string, key?: string): NewJob => ({
    task,
    payload: { orderId },
    ...(key !== undefined && { key: `${key}:${orderId}` }),
  });
  const jobs: NewJob[] = [tellOfStep({ orderId, userId, from, to, at: updatedAt.toISOString() })];
  const isGivenUp = to === 'CANCELLED' || to === 'REFUNDED';
  // What has left the house is counted in by staff when it comes back.
  if (isGivenUp && (from === 'PENDING_PAYMENT' || from === 'PAID')) jobs.push(forOrder('stock.release'));
  if (isGivenUp && from !== 'PENDING_PAYMENT') jobs.push(forOrder('payment.refund', 'payment.refund'));
  // The provider may have a payment that waits for the customer.
  if (from === 'PENDING_PAYMENT' && (isGivenUp || by === 'staff'))
    jobs.push(forOrder('payment.sync', 'payment.sync'));
  if (to === 'CANCELLED') jobs.push(forOrder('mail.cancellation'));
  if (to === 'FULFILLED') jobs.push(forOrder('mail.shipment'));
  return jobs;
}
