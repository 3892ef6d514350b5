import { setTimeout as sleep } from 'node:timers/promises';
import type { Work } from '../work.ts';
import { DECLINED, type Plan } from './behaviour.ts';
import type { Ending } from './ledger.ts';

/** The ending that a payment comes to when it is to succeed, or to fail. */
export const endingOf = (outcome: 'succeed' | 'fail', failureReason: string = DECLINED): Ending =>
  outcome === 'succeed' ? { status: 'succeeded' } : { status: 'failed', failureReason };

/** Brings payments to the end that is planned for them, in time. */
export class Settlement {
  readonly #pending = new Map<string, AbortController>();
  readonly #work: Work;
  readonly #defaultMs: number;
  readonly #settle: (paymentId: string, ending: Ending) => void;

  /**
   * @param defaultMs - milliseconds until the outcome, where the plan has none
   * @param settle - called once for each payment that has not ended otherwise by then
   */
  constructor(work: Work, defaultMs: number, settle: (paymentId: string, ending: Ending) => void) {
    this.#work = work;
    this.#defaultMs = defaultMs;
    this.#settle = settle;
  }

  plan(paymentId: string, { outcome = 'succeed', settleAfterMs, failureReason }: Plan): void {
    if (outcome === 'never') return;
    const ended = new AbortController();
    this.#pending.set(paymentId, ended);
    const settled = sleep(settleAfterMs ?? this.#defaultMs, undefined, { signal: ended.signal }).then(
      () => this.#settle(paymentId, endingOf(outcome, failureReason)),
      () => undefined, // it ended otherwise
    );
    this.#work.track(settled);
  }

  /** The payment has ended; the plan for it is none any more. */
  forget(paymentId: string): void {
    this.#pending.get(paymentId)?.abort();
    this.#pending.delete(paymentId);
  }

  /** No planned end comes after this. */
  close(): void {
    for (const paymentId of [...this.#pending.keys()]) this.forget(paymentId);
  }
}
