import { addJobs } from '@tributary/jobs';
import type { OrderStatus, PrismaClient } from '@tributary/prisma/orders/client';
import type { Evictions } from '@tributary/subgraph-kit';
import { type Actor, transition } from '../order-transition.ts';
import { applyPayment, PAYMENT_TIMEOUT } from './apply-payment.ts';
import { isOverdue, nextCheck } from './check-times.ts';
import { lockPayment, readPayment } from './payment.rows.ts';
import { type PaymentProvider, PaymentProviderError, type ProviderPayment } from './payment-provider.ts';
import type { OrderPayment } from './payment-state.ts';

/**
 * Gets the orders' money, and gives it back. Each of these can be done at any time, any number of times and by
 * several processes at once. All throw `PaymentProviderError` when the provider does not help.
 */
export interface PaymentService {
  /** Asks the provider for an order's money. */
  start(orderId: string): Promise<void>;
  /** Has the order follow what the provider says of its payment now. */
  sync(orderId: string): Promise<void>;
  /** As `sync`, and again later as long as the payment has neither come nor ended. */
  check(orderId: string): Promise<void>;
  /** Has the provider give back what is to be given back. */
  refund(orderId: string): Promise<void>;
}

export interface PaymentServiceOptions {
  prisma: PrismaClient;
  provider: PaymentProvider;
  evictions: Evictions;
  /** On whose account orders are changed. */
  system: Actor;
  /** Minutes after which a payment is given up. */
  timeoutMinutes: number;
}

export function createPaymentService(options: PaymentServiceOptions): PaymentService {
  const { prisma, provider, evictions, system, timeoutMinutes } = options;
  const overdue = ({ placedAt }: OrderPayment) => isOverdue(placedAt, timeoutMinutes);

  const apply = (payment: OrderPayment, said: ProviderPayment): Promise<OrderStatus | null> =>
    prisma.$transaction((tx) =>
      applyPayment(tx, payment.orderId, said, { system, evictions, isOverdue: overdue(payment) }),
    );

  /** @returns the order's status then; null when there is no such order */
  async function follow(orderId: string): Promise<OrderStatus | null> {
    const payment = await readPayment(prisma, orderId);
    if (!payment) return null;
    const said = await presentState(provider, payment);
    if (!said) return overdue(payment) ? giveUp(orderId) : payment.orderStatus;
    const isUnwanted = payment.orderStatus !== 'PENDING_PAYMENT' || overdue(payment);
    if (said.status !== 'open' || !isUnwanted) return apply(payment, said);
    const stopped = await provider.cancel(said.id);
    const status = await apply(payment, stopped);
    // Its money may still come, and nobody else waits for it: the job asks again.
    if (stopped.status === 'open' && status !== 'PENDING_PAYMENT')
      throw new PaymentProviderError(`payment ${stopped.id} cannot be stopped, and has not ended yet`);
    return status;
  }

  /** Ends an order that the provider never heard of: it was away all the time. */
  const giveUp = (orderId: string): Promise<OrderStatus | null> =>
    prisma.$transaction(async (tx) => {
      const payment = await lockPayment(tx, orderId);
      if (payment?.orderStatus !== 'PENDING_PAYMENT' || payment.providerId !== null)
        return payment?.orderStatus ?? null;
      const cancelled = { to: 'CANCELLED', by: system, reason: PAYMENT_TIMEOUT } as const;
      return (await transition(tx, { orderId, ...cancelled }, evictions)).status;
    });

  /** An order that costs nothing is paid without the provider. */
  const payNothing = (orderId: string): Promise<void> =>
    prisma.$transaction(async (tx) => {
      const payment = await lockPayment(tx, orderId);
      if (payment?.orderStatus !== 'PENDING_PAYMENT') return;
      await tx.payment.update({ where: { orderId }, data: { status: 'SUCCEEDED' } });
      await transition(tx, { orderId, to: 'PAID', by: system, reason: null }, evictions);
    });

  return {
    async start(orderId) {
      const payment = await readPayment(prisma, orderId);
      if (!payment) return;
      if (payment.amountMinor === 0n) return payNothing(orderId);
      const { orderStatus, providerId, amountMinor, currency } = payment;
      if (orderStatus === 'PENDING_PAYMENT' && providerId === null && !overdue(payment)) {
        const request = { reference: orderId, amountMinor, currency };
        const status = await apply(payment, await provider.create(request, orderId));
        if (status === 'PENDING_PAYMENT') return;
      }
      // It was begun before, or the order ended meanwhile.
      await follow(orderId);
    },

    async sync(orderId) {
      await follow(orderId);
    },

    async check(orderId) {
      if ((await follow(orderId)) !== 'PENDING_PAYMENT') return;
      const payment = await readPayment(prisma, orderId);
      if (payment) await addJobs(prisma, [nextCheck(orderId, payment.placedAt, timeoutMinutes)]);
    },

    async refund(orderId) {
      const payment = await readPayment(prisma, orderId);
      if (!payment?.providerId || payment.refundedMinor >= payment.refundWantedMinor) return;
      const { providerId, refundWantedMinor } = payment;
      const { refundedMinor } = await provider.get(providerId);
      if (refundedMinor < refundWantedMinor) {
        // The key says from what to what: asked twice for the same step, the provider takes it once.
        const key = `${orderId}:refund:${refundedMinor}-${refundWantedMinor}`;
        await provider.refund(providerId, refundWantedMinor - refundedMinor, key);
      }
      const refunded = await provider.get(providerId);
      await apply(payment, refunded);
      if (refunded.refundedMinor < refundWantedMinor)
        throw new Error(`the refund of order ${orderId} is not through yet`);
    },
  };
}

/** What the provider has; null when it never heard of the order. */
const presentState = (
  provider: PaymentProvider,
  { orderId, providerId }: OrderPayment,
): Promise<ProviderPayment | null> =>
  providerId === null ? provider.findByReference(orderId) : provider.get(providerId);
