/** A column that tables are partitioned by, as far as it tells the month. */
export interface PartitionKey {
  /** The least value in a month that begins at this moment. */
  boundAt(month: Date): string;
  /** The moment of a bound, as PostgreSQL writes it. */
  timeOf(bound: string): Date;
}

/** A column of type `timestamptz`. */
export const timeKey: PartitionKey = {
  boundAt: (month) => month.toISOString(),
  // Of a whole number of hours, PostgreSQL leaves the minutes out.
  timeOf: (bound) => new Date(bound.replace(' ', 'T').replace(/[+-]\d\d$/, '$&:00')),
};

/** A column of UUIDs version 7 (RFC 9562), whose first 48 bits are the milliseconds since 1970. */
export const uuidV7Key: PartitionKey = {
  boundAt(month) {
    const time = month.getTime().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
  },
  timeOf: (bound) => new Date(Number.parseInt(bound.replaceAll('-', '').slice(0, 12), 16)),
};
