import { isDeepStrictEqual } from 'node:util';
import { filledIn, type Order } from '../graph.ts';
import type { Listener } from './listener.ts';

/** One event on its way to all listeners. */
export class Delivery {
  readonly number: number;
  /** Milliseconds from the event to each message. */
  readonly latencies: number[] = [];
  readonly #order: Order;
  readonly #mark: Buffer;
  readonly #expected: number;
  readonly #begin = performance.now();
  #onComplete: () => void = () => undefined;

  /** @param expected - how many listeners it has to reach */
  constructor(order: Order, number: number, expected: number) {
    this.#order = order;
    this.number = number;
    this.#expected = expected;
    this.#mark = Buffer.from(`"status":"${order.status}"`);
  }

  /**
   * Counts a message if it is of this event.
   *
   * @param message - JSON
   * @throws Error when the listener had it before, or its first one has not what was asked for
   */
  take(listener: Listener, message: Buffer): boolean {
    if (!message.includes(this.#mark)) return false;
    if (listener.seen === this.number) throw new Error('an event came twice');
    if (listener.seen < 0) this.#check(message);
    listener.seen = this.number;
    this.latencies.push(performance.now() - this.#begin);
    if (this.latencies.length === this.#expected) this.#onComplete();
    return true;
  }

  /** @param timeout - milliseconds @returns whether it has reached all by then */
  reachedAll(timeout: number): Promise<boolean> {
    if (this.latencies.length >= this.#expected) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeout);
      this.#onComplete = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #check(message: Buffer): void {
    const { payload } = JSON.parse(message.toString()) as { payload: unknown };
    const expected = { data: filledIn(this.#order) };
    if (isDeepStrictEqual(payload, expected)) return;
    throw new Error(`an event is ${JSON.stringify(payload)} instead of ${JSON.stringify(expected)}`);
  }
}
