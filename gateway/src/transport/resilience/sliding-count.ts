const SLOTS = 10; // of the span; what is older than it is forgotten a tenth at a time

/** Counts what has happened within the last so many milliseconds, in constant time and memory. */
export class SlidingCount {
  readonly #width: number;
  readonly #slots = new Uint32Array(SLOTS);
  /** Number of the slot that is being filled, counted from the beginning of time. */
  #current = 0;
  #total = 0;

  /** @param span - milliseconds that are looked back on */
  constructor(span: number) {
    this.#width = span / SLOTS;
  }

  /** @param now - by `performance.now()`; what is a little older than what was told before counts as if it were not */
  add(now: number): void {
    this.#advance(now);
    const slot = this.#current % SLOTS;
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1;
    this.#total += 1;
  }

  /** How many there were. @param now - by `performance.now()` */
  total(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots.fill(0);
    this.#total = 0;
  }

  #advance(now: number): void {
    const current = Math.floor(now / this.#width);
    if (current <= this.#current) return;
    const first = Math.max(this.#current + 1, current - SLOTS + 1);
    for (let slot = first; slot <= current; slot += 1) {
      this.#total -= this.#slots[slot % SLOTS] ?? 0;
      this.#slots[slot % SLOTS] = 0;
    }
    this.#current = current;
  }
}
