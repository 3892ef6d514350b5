import { performance } from 'node:perf_hooks';
import { CircuitBreaker } from '../../../transport/resilience/circuit-breaker.ts';

/** Between two looks whether Redis is back. */
const PROBE_INTERVAL = 1_000; // 1 second

export interface BreakerOptions {
  /** Throws while Redis cannot be used. */
  probe(): Promise<unknown>;
  onChange(open: boolean): void;
}

/**
 * Keeps requests from waiting for a Redis that fails: open from one failure on, until a probe in the background went
 * well. Open at first.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #circuit: CircuitBreaker;
  readonly #timer: NodeJS.Timeout;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#circuit = new CircuitBreaker({
      state: 'open',
      failures: 1,
      rate: null,
      openFor: 0, // it is the timer that waits
      onChange: (state) => options.onChange(state !== 'closed'),
    });
    options.onChange(true);
    this.#timer = setInterval(() => void this.probe(), PROBE_INTERVAL);
    this.#timer.unref();
  }

  get open(): boolean {
    return this.#circuit.state !== 'closed';
  }

  /** Redis failed. */
  trip(): void {
    this.#circuit.trip(performance.now());
  }

  /** Looks now whether Redis is back, if it was not there. */
  async probe(): Promise<void> {
    if (!this.open) return;
    const permit = this.#circuit.admit(performance.now());
    if (permit === null) return; // one is under way
    try {
      await this.#options.probe();
      this.#circuit.succeed(permit, performance.now());
    } catch {
      this.#circuit.fail(permit, performance.now()); // the connection says why, in the log
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
