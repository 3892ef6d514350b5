/** Values that only ever grow, and who has seen how much of them: tells when something old was answered. */
export interface Versions {
  /** From a moment on, all have to see this version of a value, or a later one. @param at - of `performance.now()` */
  know(name: string, version: number, at: number): void;
  /**
   * How much too old an answer was.
   *
   * @param begun - when it was asked for
   * @returns milliseconds between the moment from which a later version was known and `begun`; 0 when none was
   */
  staleness(name: string, version: number, begun: number): number;
}

/** Nothing is known of any value at first. */
export function createVersions(): Versions {
  /** By value, for each version since when it is known. */
  const known = new Map<string, number[]>();
  return {
    know(name, version, at) {
      const since = known.get(name) ?? [];
      known.set(name, since);
      since[version] = Math.min(since[version] ?? Number.POSITIVE_INFINITY, at);
    },
    staleness(name, version, begun) {
      const later = (known.get(name) ?? []).slice(version + 1).filter((at) => at !== undefined);
      return Math.max(0, begun - Math.min(begun, ...later));
    },
  };
}
