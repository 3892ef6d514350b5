import type { Payment } from './payment.ts';

/** How a payment ends by itself; with `never`, it waits for `settle` or for being cancelled. */
export type Outcome = 'succeed' | 'fail' | 'never';

/**
 * How the webhooks of a payment are delivered.
 *
 * - `once`: as it should be
 * - `twice`: two at a time, with the same event
 * - `never`: what happens, happens silently
 * - `late`: when `deliver()` is called
 * - `reordered`: each second event of the payment before the one ahead of it, which waits for it
 */
export type WebhookMode = 'once' | 'twice' | 'never' | 'late' | 'reordered';

/** What becomes of a payment. */
export interface Plan {
  /** @default 'succeed' */
  outcome?: Outcome;
  /** Milliseconds until the outcome. @default SETTLE_AFTER_MS */
  settleAfterMs?: number;
  /** Said of a payment that fails. @default 'card_declined' */
  failureReason?: string;
  /** @default 'once' */
  webhooks?: WebhookMode;
}

/** Called once for each payment, when it is made. */
export type Behaviour = (payment: Payment) => Plan;

/** Said of a payment that fails for no other reason. */
export const DECLINED = 'card_declined';

const DECLINED_ENDING = 402;

/**
 * Every payment succeeds, except that an amount whose last four digits are 0402 (4.02, 104.02, …) is declined:
 * for people who want to see that, after HTTP's status 402, "payment required".
 */
export const defaultBehaviour: Behaviour = ({ amount }) => ({
  outcome: amount % 10_000 === DECLINED_ENDING ? 'fail' : 'succeed',
});
