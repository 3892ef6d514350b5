import type { CurrencyCode } from '@tributary/prisma/orders/client';

/** A payment as the provider has it. */
export interface ProviderPayment {
  /** The provider's id. */
  id: string;
  /** What we called it when we asked for it: the order's uuid. */
  reference: string;
  /** `open` as long as it can still come; the others are for good. */
  status: 'open' | 'succeeded' | 'failed' | 'cancelled';
  amountMinor: bigint;
  currency: CurrencyCode;
  /** What has been given back. */
  refundedMinor: bigint;
  /** The provider's word for why it failed; null when it did not. */
  failureReason: string | null;
}

/** What is asked for with a payment. */
export interface PaymentRequest {
  reference: string;
  amountMinor: bigint;
  currency: CurrencyCode;
}

/**
 * Who takes the customers' money. Whatever changes something has a key, and with the same key it happens once: an
 * answer that was lost is got by asking again.
 *
 * Each of these throws a `PaymentProviderError` when there is no answer in time, or another than expected.
 */
export interface PaymentProvider {
  /** Begins a payment. */
  create(request: PaymentRequest, idempotencyKey: string): Promise<ProviderPayment>;
  /** A payment as it is now. */
  get(id: string): Promise<ProviderPayment>;
  /** The payment with our reference, if one was ever begun. */
  findByReference(reference: string): Promise<ProviderPayment | null>;
  /**
   * Gives up a payment that is open.
   *
   * @returns the payment as it is then: it may have ended otherwise before, or be open where it cannot be stopped
   */
  cancel(id: string): Promise<ProviderPayment>;
  /** Gives back a part of a payment that succeeded, or all of it. */
  refund(id: string, amountMinor: bigint, idempotencyKey: string): Promise<void>;
}

/** The provider gave no answer that can be used. Its message is for logs, and holds no secret. */
export class PaymentProviderError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PaymentProviderError';
  }
}
