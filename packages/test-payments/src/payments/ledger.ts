import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import type { Payment, PaymentEvent, PaymentEventType, PaymentRequest } from './payment.ts';

/** How a payment that is processing ends, other than by being cancelled. */
export type Ending = { status: 'succeeded' } | { status: 'failed'; failureReason: string };

/**
 * All payments, in memory, and the steps they can take: processing → succeeded, failed or cancelled; succeeded →
 * refunded, in parts. No step waits for anything, so that no two of them mix.
 */
export class Ledger {
  readonly payments = new Map<string, Payment>();
  readonly events: PaymentEvent[] = [];
  readonly #byReference = new Map<string, string[]>();
  readonly #keys = new IdempotencyKeys();
  readonly #onCreated: (payment: Payment) => void;
  readonly #onEvent: (event: PaymentEvent) => void;

  /**
   * @param onCreated - called once for each payment
   * @param onEvent - called once for each thing that happens to a payment afterwards
   */
  constructor(onCreated: (payment: Payment) => void, onEvent: (event: PaymentEvent) => void) {
    this.#onCreated = onCreated;
    this.#onEvent = onEvent;
  }

  /** @throws ApiError when there is none */
  get(id: string): Payment {
    const payment = this.payments.get(id);
    if (!payment) throw new ApiError(404, 'not_found', 'There is no such payment.');
    return payment;
  }

  /** Newest first. */
  findByReference(reference: string): Payment[] {
    return (this.#byReference.get(reference) ?? []).map((id) => this.get(id)).reverse();
  }

  /**
   * @returns the payment that was made under this key, as it is now
   * @throws ApiError when the key was used for another request
   */
  create(request: PaymentRequest, key: string): Payment {
    const id = this.#keys.once(key, { do: 'create', request }, () => this.#add(request).id);
    return this.get(id);
  }

  /** @throws ApiError when it is not processing, or not there */
  settle(id: string, ending: Ending): Payment {
    const payment = this.get(id);
    if (payment.status !== 'processing')
      throw new ApiError(409, 'not_processing', `The payment has ${payment.status} already.`);
    return this.#step({ ...payment, ...ending }, `payment.${ending.status}`);
  }

  /**
   * Gives up a payment; one that was cancelled or has failed stays as it is.
   *
   * @throws ApiError when it has succeeded, or is not there
   */
  cancel(id: string): Payment {
    const payment = this.get(id);
    if (payment.status === 'succeeded')
      throw new ApiError(409, 'already_succeeded', 'The payment has succeeded; it can be refunded.');
    if (payment.status !== 'processing') return payment;
    return this.#step({ ...payment, status: 'cancelled' }, 'payment.cancelled');
  }

  /**
   * Gives a part of a payment back, or all of it.
   *
   * @param amount - minor units, more than 0
   * @returns the payment as it is now
   * @throws ApiError when it has not succeeded, less than the amount is left, or the key was used for another request
   */
  refund(id: string, amount: number, key: string): Payment {
    this.get(id);
    this.#keys.once(key, { do: 'refund', id, amount }, () => this.#giveBack(id, amount));
    return this.get(id);
  }

  #giveBack(id: string, amount: number): string {
    const payment = this.get(id);
    if (payment.status !== 'succeeded')
      throw new ApiError(409, 'not_succeeded', 'Only a payment that has succeeded can be refunded.');
    const left = payment.amount - payment.refunded;
    if (amount > left)
      throw new ApiError(409, 'amount_too_large', `No more than ${left} can be refunded.`, 'amount');
    this.#step({ ...payment, refunded: payment.refunded + amount }, 'payment.refunded');
    return id;
  }

  #add(request: PaymentRequest): Payment {
    const payment: Payment = {
      id: `pay_${randomUUID().replaceAll('-', '')}`,
      reference: request.reference,
      amount: request.amount,
      currency: request.currency,
      status: 'processing',
      refunded: 0,
      failureReason: null,
      metadata: request.metadata,
      createdAt: new Date().toISOString(),
    };
    this.#onCreated(payment);
    this.payments.set(payment.id, payment);
    const others = this.#byReference.get(payment.reference);
    if (others) others.push(payment.id);
    else this.#byReference.set(payment.reference, [payment.id]);
    return payment;
  }

  #step(payment: Payment, type: PaymentEventType): Payment {
    this.payments.set(payment.id, payment);
    const event: PaymentEvent = {
      id: `evt_${randomUUID().replaceAll('-', '')}`,
      type,
      createdAt: new Date().toISOString(),
      data: { payment },
    };
    this.events.push(event);
    this.#onEvent(event);
    return payment;
  }
}
