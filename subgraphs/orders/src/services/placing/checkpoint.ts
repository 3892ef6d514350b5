/** Places between the steps of placing an order, where a process may die. */
export const CHECKPOINTS = [
  /** The key is taken. */
  'begun',
  /** Cart and address are known. */
  'read',
  /** Products holds the stock. */
  'reserved',
  /** All is written, and not committed. */
  'written',
  'committed',
  /** The try is given up, and what it held is not given back. */
  'aborted',
] as const;

/** Called at each of them, for tests that end the process there. */
export type Checkpoint = (at: (typeof CHECKPOINTS)[number]) => void | Promise<void>;
