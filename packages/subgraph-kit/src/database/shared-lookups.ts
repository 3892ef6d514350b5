import { withoutCancellation } from '../cancellation/cancellation.ts';

interface Operation {
  args: unknown;
  query(args: unknown): PromiseLike<unknown>;
}

/** It is awaited in there: Prisma does nothing before somebody waits for it. */
const runToItsEnd = ({ args, query }: Operation) => withoutCancellation(async () => await query(args));

/**
 * A Prisma client whose `findUnique` runs to its end. Prisma joins those that are made at the same time into one
 * statement, of any requests: the end of one request must not take that from the others.
 */
export const finishSharedLookups = <Client>(client: Client): Client =>
  (client as { $extends(extension: object): Client }).$extends({
    query: { $allModels: { findUnique: runToItsEnd, findUniqueOrThrow: runToItsEnd } },
  });
