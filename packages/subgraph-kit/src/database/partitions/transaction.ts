import { inTransaction } from '@tributary/database';
import type pg from 'pg';

/** Any number that only those use who change partitions, whatever their process. */
const PARTITIONS_LOCK = 7_310_254_996_118_272n;

/** Everybody else waits for as long as this one waits for a lock on a table: rather try again later. */
const LOCK_TIMEOUT = '2s';

/** Changes partitions in one transaction, while no other process does. */
export const changePartitions = <T>(client: pg.Client, change: () => Promise<T>): Promise<T> =>
  inTransaction(client, async () => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITIONS_LOCK]);
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    return change();
  });
