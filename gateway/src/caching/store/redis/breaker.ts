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
  #open = true;
  #probing = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: BreakerOptions) {
    this.#options = options;
    options.onChange(true);
    this.#timer = setInterval(() => void this.probe(), PROBE_INTERVAL);
    this.#timer.unref();
  }

  get open(): boolean {
    return this.#open;
  }

  /** Redis failed. */
  trip(): void {
    this.#set(true);
  }

  /** Looks now whether Redis is back, if it was not there. */
  async probe(): Promise<void> {
    if (!this.#open || this.#probing) return;
    this.#probing = true;
    try {
      await this.#options.probe();
      this.#set(false);
    } catch {
      this.#set(true); // the connection says why, in the log
    } finally {
      this.#probing = false;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #set(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    this.#options.onChange(open);
  }
}
