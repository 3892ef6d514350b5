/** Where a payment is; all but `processing` are for good. */
export type PaymentStatus = 'processing' | 'succeeded' | 'failed' | 'cancelled';

/** A payment as the API answers it. It is never changed: a step replaces it. */
export interface Payment {
  /** `pay_…` */
  readonly id: string;
  /** What the merchant calls it: the order's id. */
  readonly reference: string;
  /** Minor units, more than 0. */
  readonly amount: number;
  /** ISO 4217: three capital letters. */
  readonly currency: string;
  readonly status: PaymentStatus;
  /** Minor units that were given back, never more than `amount`. */
  readonly refunded: number;
  /** Null unless it failed. */
  readonly failureReason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What is asked for with a payment. */
export type PaymentRequest = Pick<Payment, 'amount' | 'currency' | 'reference' | 'metadata'>;

export type PaymentEventType = `payment.${Exclude<PaymentStatus, 'processing'> | 'refunded'}`;

/** Something that happened to a payment: the body of a webhook. */
export interface PaymentEvent {
  /** `evt_…` */
  readonly id: string;
  readonly type: PaymentEventType;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The payment as it was right after; by the time of a late delivery, it may be another. */
  readonly data: { readonly payment: Payment };
}
