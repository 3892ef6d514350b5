/**
 * Tells how old the state is that a replica shows, by when its primary was where. Only the clock of this process counts, so
 * that no two clocks have to agree, and a primary that does nothing makes no replica look old.
 */
export interface LagMeter {
  /** Notes where the primary was. @param at - milliseconds, before it was asked */
  add(bytes: number, at: number): void;
  /**
   * Until when a replica has everything.
   *
   * @param bytes - up to where it has replayed the log
   * @returns milliseconds, of the same clock; -Infinity when that is too long ago to be known
   */
  completeUntil(bytes: number): number;
  /** Whether a replica has all that was there when the primary was asked last. */
  isComplete(bytes: number): boolean;
  /** Forgets where the primary was: it is another one now. */
  clear(): void;
}

const REMEMBERED = 1_000; // places: some minutes

export function createLagMeter(): LagMeter {
  const samples: { bytes: number; at: number }[] = [];
  return {
    add(bytes, at) {
      samples.push({ bytes, at });
      if (samples.length > REMEMBERED) samples.shift();
    },
    completeUntil: (bytes) => samples.findLast((sample) => sample.bytes <= bytes)?.at ?? -Infinity,
    isComplete: (bytes) => (samples.at(-1)?.bytes ?? Infinity) <= bytes,
    clear: () => void samples.splice(0),
  };
}
