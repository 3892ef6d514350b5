/**
 * A stream of pseudo-random numbers that is the same on every machine and in every run.
 *
 * The generator is Chris Doty-Humphrey's sfc32 ("small fast counting", 32 bit), which passes PractRand.
 * Every thing the seed makes has a stream of its own, named by what it is and its number, so that adding a
 * draw to one thing changes nothing about the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;

  /**
   * @param stream - what the numbers are for, such as `user`
   * @param n - which one of them, an integer from 0
   */
  constructor(stream: string, n = 0) {
    this.#a = fnv1a(stream);
    this.#b = n | 0;
    // Twelve rounds mix the three words, as the generator's author does it.
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** The next 32 bits, from 0 to 2^32 − 1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A fraction, from 0 up to but without 1. */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer between the two, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** True with this probability, from 0 to 1. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /**
   * One of the items, each as likely as the others.
   * @throws RangeError when there are none
   */
  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** The items in another order (Fisher and Yates); the given list stays as it is. */
  shuffle<T>(items: readonly T[]): T[] {
    const deck = [...items];
    for (let last = deck.length - 1; last > 0; last--) {
      const other = this.int(0, last);
      [deck[last], deck[other]] = [deck[other] as T, deck[last] as T];
    }
    return deck;
  }
}

/** The FNV-1a hash of a text, 32 bit. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
