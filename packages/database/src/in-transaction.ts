import type pg from 'pg';

/**
 * Does work in one transaction of a connection that nobody else uses.
 *
 * @throws what the work, or the database, refused; nothing is left of the transaction then
 */
export async function inTransaction<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The rollback fails when the connection is gone; then the server rolls back, and the first error is the cause.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
