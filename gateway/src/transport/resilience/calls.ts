import { performance } from 'node:perf_hooks';
import { REQUEST_DEADLINE_HEADER } from '@tributary/platform';
import { isTooLarge, isUndecodable } from '../answer-failure.ts';
import { pause } from '../cancellation.ts';
import { isConnectionFailure, isRefused } from '../connection-failure.ts';
import { type HttpAnswer, type HttpPost, type Post, TimeoutError } from '../http-post.ts';
import { type BreakerLimits, type BreakerState, CircuitBreaker, type Permit } from './circuit-breaker.ts';
import { type BudgetLimits, RetryBudget } from './retry-budget.ts';
import { backoff, retryAfter } from './retry-pause.ts';

/** How often, and when, something is sent again. */
export interface RetryLimits extends BudgetLimits {
  /** Most times that one call is sent again. */
  attempts: number;
  /** Milliseconds before the first time, about; twice as long before each further one. */
  pause: number;
}

/** What the calls of one subgraph are made with. */
export interface CallOptions {
  /** Null: nothing is sent again. */
  retries: RetryLimits | null;
  /** Null: every call is sent. */
  breaker: BreakerLimits | null;
  onBreakerChange(state: BreakerState, before: BreakerState): void;
  onRetry(): void;
  /** A call failed that would have been sent again, had there been something left of the budget. */
  onBudgetExhausted(): void;
}

/** A request as one call. */
export interface Call extends HttpPost {
  /** It changes nothing, and may be sent more than once. */
  safe: boolean;
  /** When `cancelled` ends it at the latest, by `performance.now()`; undefined when the client has no deadline. */
  deadline: number | undefined;
}

/** How long a subgraph has, as it is told. @param milliseconds - at least; a whole one is told */
export const deadlineText = (milliseconds: number): string => String(Math.max(1, Math.ceil(milliseconds)));

/** The subgraph is not asked, as it failed too often. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  constructor() {
    super('the circuit breaker is open');
  }
}

/** How the last calls of a subgraph went. */
export interface CallsState {
  status: 'ok' | 'failing' | 'unknown';
  breaker: BreakerState | 'off';
}

const NEVER: BreakerLimits = { failures: Number.POSITIVE_INFINITY, rate: null, openFor: 0 };

/** Statuses of those who stand before a subgraph, or of one that cannot do it now. */
const REPEATABLE = new Set([502, 503, 504]);

/**
 * The calls of one subgraph: each within its deadline, sent again where that helps and harms nothing, and not sent at all
 * to what does not work.
 *
 * A call that goes well costs a look at the breaker and some counting: no timer, and nothing that is kept for it.
 */
export class Calls {
  readonly #options: CallOptions;
  readonly #breaker: CircuitBreaker;
  readonly #budget: RetryBudget | null;
  #isUsed = false;

  constructor(options: CallOptions) {
    const { retries, breaker, onBreakerChange } = options;
    this.#options = options;
    this.#breaker = new CircuitBreaker({ ...(breaker ?? NEVER), onChange: onBreakerChange });
    this.#budget = retries && new RetryBudget(retries);
  }

  get state(): CallsState {
    return {
      status: !this.#isUsed ? 'unknown' : this.#breaker.isFailing ? 'failing' : 'ok',
      breaker: this.#options.breaker ? this.#breaker.state : 'off',
    };
  }

  /** Spares the work for a call that would not be sent. @throws CircuitOpenError */
  refuse(): void {
    if (this.#breaker.state !== 'closed' && !this.#breaker.isPassable(performance.now())) {
      throw new CircuitOpenError();
    }
  }

  /**
   * Sends a call, within the time that it has for all its retries.
   *
   * A query is sent again after connection errors and 502, 503 and 504; a mutation only when the connection was refused,
   * so that nothing of it was sent.
   *
   * @returns the answer, whatever its status
   * @throws CircuitOpenError, the reason of `cancelled`, and what `post` throws
   */
  async send(post: Post, call: Call): Promise<HttpAnswer> {
    let sentAt = performance.now();
    const endsAt = sentAt + call.timeout;
    let request = call;
    let permit = this.#breaker.admit(sentAt);
    if (permit === null) throw new CircuitOpenError();
    this.#isUsed = true;
    this.#budget?.noteCall(sentAt);
    for (let retry = 0; ; retry += 1) {
      let answer: HttpAnswer | null = null;
      let error: unknown = null;
      try {
        answer = await post(request);
        if (answer.statusCode < 500) {
          this.#breaker.succeed(permit, sentAt);
          return answer;
        }
        this.#breaker.fail(permit, performance.now(), sentAt);
      } catch (thrown) {
        error = thrown;
        this.#noteError(thrown, call, permit, sentAt);
      }
      const next = isRepeatable(call, answer, error)
        ? await this.#permitAgain(retry, call, endsAt, answer ? retryAfter(answer) : 0)
        : null;
      if (next !== null) {
        permit = next;
        sentAt = performance.now();
        request = again(call, sentAt, endsAt - sentAt);
      } else if (answer) return answer;
      else throw error;
    }
  }

  /** Tells the breaker of an error. */
  #noteError(error: unknown, { cancelled }: Call, permit: Permit, sentAt: number): void {
    // Neither who goes away, or is in a hurry, nor what cannot be sent at all says anything of the subgraph.
    if (cancelled?.aborted || error instanceof TypeError) this.#breaker.release(permit);
    else if (isTooLarge(error) || isUndecodable(error)) this.#breaker.succeed(permit, performance.now());
    else if (error instanceof TimeoutError) this.#breaker.fail(permit, performance.now());
    else this.#breaker.fail(permit, performance.now(), sentAt);
  }

  /** Waits until the call may be sent again. @returns null when it may not */
  async #permitAgain(retry: number, call: Call, endsAt: number, notBefore: number): Promise<Permit | null> {
    const { retries, onRetry, onBudgetExhausted } = this.#options;
    if (!retries || retry >= retries.attempts) return null;
    const wait = notBefore + backoff(retry, retries.pause);
    const now = performance.now();
    if (now + wait >= Math.min(endsAt, call.deadline ?? endsAt) || !this.#breaker.isPassable(now + wait))
      return null;
    if (!this.#budget?.take(now)) {
      onBudgetExhausted();
      return null;
    }
    await pause(wait, call.cancelled);
    const permit = this.#breaker.admit(performance.now());
    if (permit !== null) onRetry();
    return permit;
  }
}

/** A call that is sent again. @param timeout - milliseconds that are left of its own */
function again(call: Call, now: number, timeout: number): Call {
  const left = call.deadline === undefined ? timeout : Math.min(timeout, call.deadline - now);
  const headers = { ...call.headers, [REQUEST_DEADLINE_HEADER]: deadlineText(left) };
  return { ...call, timeout, headers };
}

const isRepeatable = ({ safe }: Call, answer: HttpAnswer | null, error: unknown): boolean =>
  answer
    ? safe && REPEATABLE.has(answer.statusCode)
    : isRefused(error) || (safe && isConnectionFailure(error));
