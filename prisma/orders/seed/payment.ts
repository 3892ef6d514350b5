import type { OrderEventRow, OrderRow, PaymentRow } from './tables.ts';

/**
 * The payment that fits an order's history. No provider has heard of it: what was paid and kept came past it, and
 * what was given back is only told of.
 */
export function paymentOf(order: OrderRow, events: readonly OrderEventRow[]): PaymentRow {
  const isPaid = events.some(({ toStatus }) => toStatus === 'PAID');
  const isGivenBack = isPaid && (order.status === 'CANCELLED' || order.status === 'REFUNDED');
  const givenBackMinor = isGivenBack ? order.totalMinor : 0;
  return {
    orderId: order.id,
    status: isPaid ? 'SUCCEEDED' : order.status === 'CANCELLED' ? 'CANCELLED' : 'PENDING',
    currency: order.currency,
    amountMinor: order.totalMinor,
    receivedByHand: isPaid && !isGivenBack,
    capturedMinor: givenBackMinor,
    refundWantedMinor: givenBackMinor,
    refundedMinor: givenBackMinor,
    createdAt: order.placedAt,
    updatedAt: order.updatedAt,
  };
}
