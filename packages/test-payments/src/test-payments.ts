import type { RunningService } from '@tributary/platform';
import type { Fault } from './http/outage.ts';
import type { Payment, PaymentEvent } from './payments/payment.ts';
import type { Attempt } from './webhooks/deliveries.ts';

/** A test payment provider that answers, and what a test does with it. */
export interface TestPayments extends RunningService {
  /** `http://host:port`, without a path: what `PAYMENT_URL` of a client is. */
  url: string;
  /** Where `/metrics` is. */
  adminUrl: string;
  /** By id, as they are now. */
  payments: ReadonlyMap<string, Payment>;
  /** All that happened, in its order, whether it was delivered or not. */
  events: readonly PaymentEvent[];
  /** All tries to deliver an event, in the order of their answers. */
  attempts: readonly Attempt[];
  /**
   * Ends a payment that is processing, whatever was planned for it; its webhook follows as planned.
   *
   * @param failureReason - said of one that fails
   * @throws ApiError when the payment is not processing, or not there
   */
  settle(paymentId: string, outcome: 'succeed' | 'fail', failureReason?: string): Payment;
  /**
   * Sends an event now, once, also while deliveries are held; any event, any number of times. Without an id: all
   * events that are `late`, or wait for being `reordered`, one after the other.
   *
   * @returns what was answered, for each event
   * @throws Error when there is no such event, or nobody to deliver to
   */
  deliver(eventId?: string): Promise<Attempt[]>;
  /** Sends no webhook any more, until `release`; what is being sent meanwhile is not called back. */
  hold(): void;
  /** Sends what was held, in its order. */
  release(): void;
  /** Has the next requests to the API go wrong; adds up when called again. */
  failNextRequests(requests: number, fault: Fault): void;
  /** From now on, webhooks go there, those that are tried again included; nowhere without an address. */
  setWebhookUrl(url: string | undefined): void;
  /**
   * Waits until all planned outcomes have come and all webhooks are taken or given up. What waits for the test (held,
   * late, outcome `never`) is not waited for.
   */
  idle(): Promise<void>;
}
