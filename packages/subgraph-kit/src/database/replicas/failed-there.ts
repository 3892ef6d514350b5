import { isDatabaseAway } from '../database-failure.ts';

/**
 * PostgreSQL's: in the way of what the replica has to replay (40001, 40P01), and no such table, column, function or type,
 * which a migration may just have made.
 */
const ONLY_THERE = /^(?:40001|40P01|42P01|42703|42883|42704)$/;

/** PostgreSQL's, for what changes something: a function, or a lock. It has done nothing. */
const READ_ONLY = '25006';

const NO_CONNECTION_IN_TIME = /^timeout exceeded when trying to connect/;

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);

/** Whether a statement that failed on a replica may succeed on the primary. Its own faults are the same everywhere. */
export const mayWorkElsewhere = (error: unknown): boolean =>
  isDatabaseAway(error) || ONLY_THERE.test(codeOf(error));

/** Whether a replica refused a statement because it changes something. */
export const isRefusedChange = (error: unknown): boolean => codeOf(error) === READ_ONLY;

/** Whether a failure says that the server is gone: not what was refused there, and not a pool that is in use. */
export const isServerGone = (error: unknown): boolean =>
  isDatabaseAway(error) &&
  !isRefusedChange(error) &&
  !NO_CONNECTION_IN_TIME.test(String((error as Error).message));
