import { addJobs, type NewJob } from '@tributary/jobs';
import type { OrderStatus, Prisma } from '@tributary/prisma/orders/client';
import type { Evictions } from '@tributary/subgraph-kit';
import { type Actor, transition } from '../order-transition.ts';
import { lockPayment, writePayment } from './payment.rows.ts';
import type { ProviderPayment } from './payment-provider.ts';
import { type OrderPayment, stateAfter } from './payment-state.ts';

/** Why an order is cancelled for want of a payment. */
export const PAYMENT_TIMEOUT = 'payment timeout';

/**
 * Has an order follow what the provider says of its payment. Saying the same again changes nothing.
 *
 * @param system - on whose account the order's steps are
 * @param evictions - has what was kept of the payment forgotten
 * @param isOverdue - whether the time for the payment is over
 * @returns the order's status then; null when there is no such order
 * @throws PaymentProviderError when it is another payment than was asked for
 */
export async function applyPayment(
  tx: Prisma.TransactionClient,
  orderId: string,
  said: ProviderPayment,
  { system, evictions, isOverdue }: { system: Actor; evictions: Evictions; isOverdue: boolean },
): Promise<OrderStatus | null> {
  const payment = await lockPayment(tx, orderId);
  if (!payment) return null;
  const state = stateAfter(payment, said);
  const isChanged = await writePayment(tx, payment, state);
  const step = stepFor(payment, said, isOverdue);
  const jobs: NewJob[] = [];
  if (state.refundWantedMinor > payment.refundWantedMinor && state.refundWantedMinor > state.refundedMinor)
    jobs.push({ task: 'payment.refund', payload: { orderId }, key: `payment.refund:${orderId}` });
  // A step has the whole order forgotten.
  if (isChanged && !step) jobs.push(...evictions.jobs({ entities: { Order: [orderId] } }));
  await addJobs(tx, jobs);
  if (!step) return payment.orderStatus;
  const { status } = await transition(tx, { orderId, ...step, by: system }, evictions);
  return status;
}

function stepFor(
  { orderStatus }: OrderPayment,
  { status }: ProviderPayment,
  isOverdue: boolean,
): { to: OrderStatus; reason: string | null } | null {
  if (orderStatus !== 'PENDING_PAYMENT' || status === 'open') return null;
  if (status === 'succeeded') return { to: 'PAID', reason: null };
  if (status === 'failed') return { to: 'CANCELLED', reason: 'payment failed' };
  return { to: 'CANCELLED', reason: isOverdue ? PAYMENT_TIMEOUT : 'payment cancelled' };
}
