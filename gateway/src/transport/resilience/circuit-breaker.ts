import { SlidingCount } from './sliding-count.ts';

/** Whether calls are let through: all, none, or one at a time to see whether it works again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** When a breaker opens, and for how long. */
export interface BreakerLimits {
  /** Failures in a row that open it. */
  failures: number;
  /** The share of failures that opens it; null when only failures in a row do. */
  rate: FailureRate | null;
  /** Milliseconds after which one call is let through. */
  openFor: number;
}

/** A share of failures among calls. */
export interface FailureRate {
  /** From 0 to 1. */
  share: number;
  /** So many calls are needed for the share to say something. */
  calls: number;
  /** Milliseconds that are looked back on. */
  window: number;
}

/** What a breaker is made with. */
export interface BreakerOptions extends BreakerLimits {
  /** @default closed */
  state?: 'closed' | 'open';
  /** Called after each change of the state. */
  onChange(state: BreakerState, before: BreakerState): void;
}

/** What a call was let through with; how it ended is told with it. */
export type Permit = number;

/**
 * Keeps calls from what fails: closed until too many have failed, then open for a while, then half open: the next call
 * is let through as a probe, and as it ends so is the breaker.
 *
 * It holds no timer, no promise and nothing for a call: who calls asks first, and tells how it ended.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #calls: SlidingCount;
  readonly #failures: SlidingCount;
  #state: BreakerState;
  /** Another one after each change: how a call ended that was begun before says nothing about what is now. */
  #permit: Permit = 0;
  #inARow = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** When the next probe may be sent. */
  #probeAt = 0;

  constructor(options: BreakerOptions) {
    const { state = 'closed', rate } = options;
    this.#options = options;
    this.#state = state;
    const window = rate?.window ?? 1;
    this.#calls = new SlidingCount(window);
    this.#failures = new SlidingCount(window);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether failures have come in a row, up to the last call that ended. */
  get isFailing(): boolean {
    return this.#inARow > 0 || this.#state !== 'closed';
  }

  /** Whether a call would be let through. @param now - by `performance.now()`, as everywhere here */
  isPassable(now: number): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && now >= this.#probeAt);
  }

  /** Lets a call through, or does not: null. */
  admit(now: number): Permit | null {
    if (this.#state === 'closed') return this.#permit;
    if (!this.isPassable(now)) return null;
    this.#change('half-open');
    return this.#permit;
  }

  /** A call went well. */
  succeed(permit: Permit, now: number): void {
    if (permit !== this.#permit) return;
    this.#inARow = 0;
    if (this.#state === 'half-open') {
      this.#failedAt = Number.NEGATIVE_INFINITY;
      this.#calls.clear();
      this.#failures.clear();
      this.#change('closed');
    } else if (this.#options.rate) this.#calls.add(now);
  }

  /**
   * A call failed.
   *
   * @param begunAt - when the call was begun, for a failure that may have struck all that were under way: those are
   *   one in a row, however many. @default now
   */
  fail(permit: Permit, now: number, begunAt: number = now): void {
    if (permit !== this.#permit) return;
    if (begunAt >= this.#failedAt) {
      this.#inARow += 1;
      this.#failedAt = now;
    }
    if (this.#options.rate && this.#state === 'closed') {
      this.#calls.add(now);
      this.#failures.add(now);
    }
    if (this.#state === 'half-open' || this.#isTooMuch(now)) this.trip(now);
  }

  /** A call was given up before its end: it says nothing, and a probe has to be repeated. */
  release(permit: Permit): void {
    if (permit !== this.#permit || this.#state !== 'half-open') return;
    this.#probeAt = 0;
    this.#change('open');
  }

  /** Opens it. */
  trip(now: number): void {
    if (this.#state === 'open') return;
    this.#probeAt = now + this.#options.openFor;
    this.#change('open');
  }

  #isTooMuch(now: number): boolean {
    const { failures, rate } = this.#options;
    if (this.#inARow >= failures) return true;
    if (!rate) return false;
    const calls = this.#calls.total(now);
    return calls >= rate.calls && this.#failures.total(now) >= rate.share * calls;
  }

  #change(state: BreakerState): void {
    const before = this.#state;
    this.#state = state;
    this.#permit += 1;
    this.#options.onChange(state, before);
  }
}
