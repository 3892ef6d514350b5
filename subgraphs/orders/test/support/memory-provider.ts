import type { PaymentProvider } from '../../src/services/payments/payment-provider.ts';
import { PaymentProviderError, type ProviderPayment } from '../../src/services/payments/payment-provider.ts';

/** A payment provider in this process, for what cannot be brought about from outside: answers lost to the moment. */
export interface MemoryProvider extends PaymentProvider {
  /** Ends the payment of an order, if it has an open one. */
  end(reference: string, status: 'succeeded' | 'failed' | 'cancelled'): void;
  /** All payments of an order; more than one is a mistake. */
  paymentsOf(reference: string): ProviderPayment[];
  /** How often money was given back for an order. */
  refundsOf(reference: string): number;
  /** Does so many of the next changes, and lets nobody know. */
  loseAnswers(count: number): void;
  /** Is away from now on, or back. */
  setAway(isAway: boolean): void;
}

export function createMemoryProvider(): MemoryProvider {
  const payments: ProviderPayment[] = [];
  const answers = new Map<string, ProviderPayment>();
  const refunds: string[] = [];
  let toLose = 0;
  let away = false;

  /** Takes some time, so that calls overlap. */
  async function call<Answer>(effect: () => Answer, isChange = true): Promise<Answer> {
    if (away) throw new PaymentProviderError('away');
    await new Promise((resolve) => setImmediate(resolve));
    const answer = effect();
    await new Promise((resolve) => setImmediate(resolve));
    if (toLose === 0 || !isChange) return answer;
    toLose -= 1;
    throw new PaymentProviderError('the answer was lost');
  }
  function find(id: string): ProviderPayment {
    const payment = payments.find((each) => each.id === id);
    if (!payment) throw new PaymentProviderError('no such payment');
    return payment;
  }

  return {
    create: (request, key) =>
      call(() => {
        const before = answers.get(key);
        if (before) return { ...before };
        const payment: ProviderPayment = {
          ...request,
          id: `pay_${payments.length}`,
          status: 'open',
          refundedMinor: 0n,
          failureReason: null,
        };
        payments.push(payment);
        answers.set(key, payment);
        return { ...payment };
      }),
    get: (id) => call(() => ({ ...find(id) }), false),
    findByReference: (reference) =>
      call(() => {
        const payment = payments.find((each) => each.reference === reference);
        return payment ? { ...payment } : null;
      }, false),
    cancel: (id) =>
      call(() => {
        const payment = find(id);
        if (payment.status === 'open') payment.status = 'cancelled';
        return { ...payment };
      }),
    refund: (id, amountMinor, key) =>
      call(() => {
        if (refunds.includes(key)) return;
        const payment = find(id);
        if (payment.status !== 'succeeded' || payment.refundedMinor + amountMinor > payment.amountMinor)
          throw new PaymentProviderError('more than there is');
        payment.refundedMinor += amountMinor;
        refunds.push(key);
      }),
    end(reference, status) {
      for (const payment of payments) {
        if (payment.reference !== reference || payment.status !== 'open') continue;
        payment.status = status;
        if (status === 'failed') payment.failureReason = 'card_declined';
      }
    },
    paymentsOf: (reference) => payments.filter((each) => each.reference === reference),
    refundsOf: (reference) => refunds.filter((key) => key.startsWith(reference)).length,
    loseAnswers(count) {
      toLose = count;
    },
    setAway(isAway) {
      away = isAway;
    },
  };
}
