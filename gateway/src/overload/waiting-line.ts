import { performance } from 'node:perf_hooks';
import type { OverloadSettings } from './settings.ts';

/** Somebody who waits. */
export interface Waiter {
  /** When they came, as `performance.now` has it. */
  readonly since: number;
  /** Told once: whether it is their turn, or they have waited too long. */
  settle(isTurn: boolean): void;
}

/**
 * Who waits, the first in front. How long one may wait depends on whether the line was empty lately, after CoDel
 * (https://www.rfc-editor.org/rfc/rfc8289, and "Fail at Scale", ACM Queue 13.8): a burst may wait longer, as it will be
 * over; in a line that stands, waiting helps nobody.
 */
export class WaitingLine {
  readonly #settings: OverloadSettings;
  readonly #waiters = new Set<Waiter>();
  #lastEmpty = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #onExpired: () => void;

  /** @param onExpired - told of each who has waited too long */
  constructor(settings: OverloadSettings, onExpired: () => void) {
    this.#settings = settings;
    this.#onExpired = onExpired;
  }

  get length(): number {
    return this.#waiters.size;
  }

  get isFull(): boolean {
    return this.#waiters.size >= this.#settings.queueLength;
  }

  /** Lets somebody wait. Look first whether it is full. */
  add(waiter: Waiter): void {
    if (this.#waiters.size === 0) this.#lastEmpty = waiter.since;
    this.#waiters.add(waiter);
    this.#timer ??= setTimeout(() => this.#expire(), this.#settings.standingWait).unref();
  }

  /** Somebody waits no longer. */
  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Takes the first out who has not waited too long. */
  next(): Waiter | undefined {
    this.#sendAway();
    const [first] = this.#waiters;
    if (first) this.#waiters.delete(first);
    return first;
  }

  #expire(): void {
    this.#timer = undefined;
    this.#sendAway();
    const [first] = this.#waiters;
    if (!first) return;
    const rest = first.since + this.#longest() - performance.now();
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, Math.ceil(rest))).unref();
  }

  #sendAway(): void {
    const now = performance.now();
    const longest = this.#longest(now);
    for (const waiter of this.#waiters) {
      if (now - waiter.since <= longest) return;
      this.#waiters.delete(waiter);
      this.#onExpired();
      waiter.settle(false);
    }
  }

  #longest(now = performance.now()): number {
    const { wait, standingWait } = this.#settings;
    return now - this.#lastEmpty > wait ? standingWait : wait;
  }
}
