import type { OrderStatus, Payment } from '@tributary/prisma/orders/client';
import { PaymentProviderError, type ProviderPayment } from './payment-provider.ts';

/** An order's payment with what decides about it. */
export interface OrderPayment extends Payment {
  orderStatus: OrderStatus;
  placedAt: Date;
}

/** What of a payment follows from the provider's word. */
export type PaymentState = Pick<
  Payment,
  'status' | 'providerId' | 'capturedMinor' | 'refundWantedMinor' | 'refundedMinor' | 'failureReason'
>;

/**
 * A payment's state with what the provider says of it. Words may come late and out of order: money that was seen is
 * not unseen, and what ended does not begin again.
 *
 * @throws PaymentProviderError when it is another payment than was asked for
 */
export function stateAfter(payment: OrderPayment, said: ProviderPayment): PaymentState {
  refuseAnother(payment, said);
  const capturedMinor = said.status === 'succeeded' ? said.amountMinor : payment.capturedMinor;
  const refundedMinor = larger(payment.refundedMinor, said.refundedMinor);
  return {
    providerId: said.id,
    status: statusAfter(payment, said),
    capturedMinor,
    refundedMinor,
    refundWantedMinor: larger(
      larger(payment.refundWantedMinor, refundedMinor),
      isUnwanted(payment) ? capturedMinor : 0n,
    ),
    failureReason: said.failureReason ?? payment.failureReason,
  };
}

/** Money that comes for such an order goes back: nobody waits for it, or it has come another way. */
const isUnwanted = ({ orderStatus, receivedByHand }: OrderPayment): boolean =>
  receivedByHand || orderStatus === 'CANCELLED' || orderStatus === 'REFUNDED';

function statusAfter({ status }: OrderPayment, said: ProviderPayment): Payment['status'] {
  if (status === 'SUCCEEDED' || said.status === 'succeeded') return 'SUCCEEDED';
  if (said.status === 'failed') return 'FAILED';
  if (said.status === 'cancelled') return status === 'FAILED' ? status : 'CANCELLED';
  return status === 'PENDING' ? 'PROCESSING' : status;
}

function refuseAnother(payment: OrderPayment, said: ProviderPayment): void {
  const { orderId, providerId, amountMinor, currency } = payment;
  if (said.reference !== orderId || (providerId !== null && providerId !== said.id))
    throw new PaymentProviderError(`payment ${said.id} is not the one of order ${orderId}`);
  if (said.amountMinor !== amountMinor || said.currency !== currency)
    throw new PaymentProviderError(`payment ${said.id} is of another amount than order ${orderId}`);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
