/** Counts what clients have open, by their address. */
export class ClientLimits {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  /** @param most - how many connections one address may have */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Lets a connection in.
   *
   * @returns what to call when it is closed; null when the client has too many
   */
  admit(address: string): (() => void) | null {
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#most) return null;
    this.#open.set(address, open + 1);
    return () => {
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left > 0) this.#open.set(address, left);
      else this.#open.delete(address);
    };
  }
}
