/**
 * Counts the changes that are known of: when a mutation is sent and again when it is answered, and whatever else says
 * that data have changed. Who asks after a change must not be given what was asked for before it.
 */
export class Changes {
  #count = 0;

  /** Changes so far. */
  get count(): number {
    return this.#count;
  }

  /** Something changes, or has changed. */
  note(): void {
    this.#count += 1;
  }
}
