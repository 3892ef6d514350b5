/** Which keys have a label. */
export class LabelIndex {
  readonly #keys = new Map<string, Set<string>>();

  add(key: string, labels: readonly string[]): void {
    for (const label of labels) {
      const keys = this.#keys.get(label);
      if (keys) keys.add(key);
      else this.#keys.set(label, new Set([key]));
    }
  }

  remove(key: string, labels: readonly string[]): void {
    for (const label of labels) {
      const keys = this.#keys.get(label);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(label);
    }
  }

  /** @returns a list of its own, which stays as it is while keys are removed */
  keysOf(label: string): string[] {
    return [...(this.#keys.get(label) ?? [])];
  }
}
