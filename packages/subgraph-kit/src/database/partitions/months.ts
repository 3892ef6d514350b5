/** The first moment of a time's month, in UTC. */
export const monthOf = (time: Date): Date => addMonths(time, 0);

/** The first moment of the month that is so many months later, in UTC. */
export const addMonths = (time: Date, months: number): Date =>
  new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + months));

/** How many months lie between the months of two times; negative where the second is earlier. */
export const monthsBetween = (from: Date, until: Date): number =>
  12 * (until.getUTCFullYear() - from.getUTCFullYear()) + until.getUTCMonth() - from.getUTCMonth();

/** What a month's partitions have at the end of their names: `2026_12`. */
export const monthSuffix = (month: Date): string => month.toISOString().slice(0, 7).replace('-', '_');
