/** The seed's "now". Nothing in it happens later, and it never moves: the clock is not read. */
export const TODAY = new Date('2026-11-01T12:00:00.000Z');

/** When the shop opened: the first users and products are from then. */
export const OPENING = new Date('2024-09-01T08:00:00.000Z');

/** When the first order was placed, two years before today. */
export const FIRST_ORDER = new Date('2024-11-01T12:00:00.000Z');

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A later moment. */
export function after(start: Date, milliseconds: number): Date {
  return new Date(start.getTime() + Math.round(milliseconds));
}

/** The later of two moments. */
export function later(a: Date, b: Date): Date {
  return new Date(Math.max(a.getTime(), b.getTime()));
}

/**
 * How many of the things, which are sorted by time, are no later than the moment.
 * @param timeOf - a thing's time
 */
export function countUntil<T>(things: readonly T[], moment: Date, timeOf: (thing: T) => Date): number {
  let least = 0;
  let most = things.length;
  while (least < most) {
    const middle = (least + most) >>> 1;
    if (timeOf(things[middle] as T) <= moment) least = middle + 1;
    else most = middle;
  }
  return least;
}
