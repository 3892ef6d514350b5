import { performance } from 'node:perf_hooks';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { type LoopDelay, watchLoopDelay } from './loop-delay.ts';
import type { OverloadSettings } from './settings.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

/** Why something was refused. */
export type ShedReason = 'queue_full' | 'waited' | 'connection';

/** Gives a place back; more than once is once. */
export type Leave = () => void;

/** A new connection is refused for so long after an operation was: it would only bring more of them. */
const SHEDDING = 1_000; // 1 second

/**
 * Decides which operations run, which wait for others to end, and which are refused because the process has more to do
 * than it can.
 */
export class Admission {
  readonly #limit: ConcurrencyLimit;
  readonly #line: WaitingLine;
  readonly #loopDelay: LoopDelay;
  readonly #onShed: (reason: ShedReason) => void;
  #inFlight = 0;
  /** Most of them at once since the limit was adjusted. */
  #most = 0;
  #lastShed = Number.NEGATIVE_INFINITY;

  /** @param onShed - told of each refusal */
  constructor(settings: OverloadSettings, onShed: (reason: ShedReason) => void) {
    this.#onShed = onShed;
    this.#limit = new ConcurrencyLimit(settings);
    this.#line = new WaitingLine(settings, () => this.#shed('waited'));
    this.#loopDelay = watchLoopDelay((delay, utilization) => {
      this.#limit.adjust(delay, utilization, this.#most);
      this.#most = this.#inFlight;
      this.#letIn();
    });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** Operations that may run at once. */
  get limit(): number {
    return this.#limit.current;
  }

  /** Milliseconds that the event loop is late. */
  get loopDelay(): number {
    return this.#loopDelay.current;
  }

  /** Refuses what would have to wait in a line that is full. @returns whether it is refused */
  refusesNow(): boolean {
    if (!this.#line.isFull) return false;
    this.#shed('queue_full');
    return true;
  }

  /** Refuses a connection, on which operations would come, after an operation was refused. @returns as `refusesNow` */
  refusesConnection(): boolean {
    if (performance.now() - this.#lastShed > SHEDDING) return false;
    this.#onShed('connection');
    return true;
  }

  /**
   * Lets an operation in.
   *
   * @param onGone - is given what to call when it is of no use any more while it waits
   * @returns what to call at its end, or a promise of that while it waits; null when it is refused
   */
  enter(onGone?: (leave: Leave) => void): Leave | null | Promise<Leave | null> {
    if (this.#inFlight < this.#limit.current && this.#line.length === 0) return this.#begin();
    if (this.refusesNow()) return null;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        since: performance.now(),
        settle: (isTurn) => resolve(isTurn ? this.#begin() : null),
      };
      this.#line.add(waiter);
      onGone?.(() => {
        this.#line.remove(waiter);
        resolve(null);
      });
    });
  }

  close(): void {
    this.#loopDelay.stop();
  }

  #begin(): Leave {
    this.#inFlight += 1;
    if (this.#inFlight > this.#most) this.#most = this.#inFlight;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#inFlight -= 1;
      this.#letIn();
    };
  }

  #letIn(): void {
    while (this.#line.length > 0 && this.#inFlight < this.#limit.current) {
      const waiter = this.#line.next();
      if (!waiter) return;
      waiter.settle(true);
    }
  }

  #shed(reason: ShedReason): void {
    this.#lastShed = performance.now();
    this.#onShed(reason);
  }
}
