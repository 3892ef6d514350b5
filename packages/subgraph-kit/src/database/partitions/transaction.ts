import type pg from 'pg';

/** Any number that only those use who change partitions, whatever their process. */
const PARTITIONS_LOCK = 7_310_254_996_118_272n;

/** Everybody else waits for as long as this one waits for a lock on a table: rather try again later. */
const LOCK_TIMEOUT = '2s';

/** Changes partitions in one transaction, while no other process does. */
export async function changePartitions<T>(client: pg.Client, change: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITIONS_LOCK]);
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    const result = await change();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The rollback fails when the connection is gone; then the server rolls back, and the first error is the cause.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
