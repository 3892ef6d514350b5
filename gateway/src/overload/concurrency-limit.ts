import type { OverloadSettings } from './settings.ts';

/** How much of the limit is left when the event loop is late. */
const DECREASE = 0.8;
/** How much larger it becomes when it is needed and there is time. */
const INCREASE = 1.1;
/** An event loop that is busy for a larger part of its time has none for more operations. */
const BUSY = 0.9;

/**
 * How many operations may run at once: more while the event loop has time, as it waits for subgraphs then, and fewer
 * when it is late, as each more would only make all of them slower. It begins with the least, so that a process that has
 * just started, and is still slow, is not given everything at once.
 */
export class ConcurrencyLimit {
  readonly #settings: OverloadSettings;
  #current: number;

  constructor(settings: OverloadSettings) {
    this.#settings = settings;
    this.#current = settings.minInFlight;
  }

  get current(): number {
    return this.#current;
  }

  /**
   * Goes by what was seen since the last time.
   *
   * @param delay - milliseconds that the event loop was late
   * @param utilization - the part of the time in which it had something to do, from 0 to 1
   * @param most - operations that ran at once
   */
  adjust(delay: number, utilization: number, most: number): void {
    const { minInFlight, maxInFlight, loopDelay } = this.#settings;
    if (delay > loopDelay) {
      this.#current = Math.max(minInFlight, Math.floor(Math.min(this.#current, most) * DECREASE));
    } else if (most >= this.#current && utilization < BUSY) {
      this.#current = Math.min(maxInFlight, Math.ceil(this.#current * INCREASE));
    }
  }
}
