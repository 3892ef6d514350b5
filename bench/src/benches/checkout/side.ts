import type { Database } from '@tributary/prisma/seed';
import type { Side } from '../../harness/scenario.ts';

/** Connection strings of the databases with each subgraph's tables; one and the same where there is one database. */
export type Databases = Readonly<Record<Database, string>>;

/** A system that places orders. */
export interface CheckoutSide extends Side {
  databases: Databases;
}
