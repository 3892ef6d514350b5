import type { Insert } from './table.ts';

/** The databases, in the order in which they are seeded. */
export const DATABASES = ['users', 'products', 'orders'] as const;

/** One of the three databases; each belongs to the subgraph of its name. */
export type Database = (typeof DATABASES)[number];

/** A part of a data set: rows that belong together, parents before their children. */
export interface Batch {
  /** How many of the main things (users, products or orders) it holds. */
  size: number;
  inserts: Insert[];
}

/** Everything that goes into one database. */
export interface Dataset {
  database: Database;
  /** The tables it fills. The first one tells whether the database has been seeded: it is never left empty. */
  tables: readonly string[];
  /** How many of the main things it holds, all batches together. */
  size: number;
  /** Makes the rows; the same ones at each call. */
  batches(): Iterable<Batch>;
}

/** Things in one batch: large enough to make round trips cheap, small enough for the progress to move. */
export const BATCH_SIZE = 2_000;

/** The numbers from 0 to `size`, cut into ranges of at most `BATCH_SIZE`. */
export function* ranges(size: number): Generator<{ start: number; end: number }> {
  for (let start = 0; start < size; start += BATCH_SIZE) {
    yield { start, end: Math.min(start + BATCH_SIZE, size) };
  }
}
