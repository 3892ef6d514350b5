import type { Counter } from '@tributary/platform';
import type pg from 'pg';
import { type Cancellation, currentCancellation } from '../cancellation/cancellation.ts';
import { sendCancelRequest } from './cancel-request.ts';

const QUERY_CANCELED = '57014'; // SQLSTATE

/**
 * Has the statements of a request end with it: one that runs is cancelled in PostgreSQL, and none is sent any more.
 * Statements of a transaction are left alone, since they are a change's; so is all that belongs to no request.
 *
 * @param cancelled - counts the statements that PostgreSQL was asked to cancel
 */
export function makeCancellable(pool: pg.Pool, cancelled: Counter): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const cancellable = (...args: unknown[]): unknown => {
    const cancellation = currentCancellation();
    const [statement, ...others] = args;
    // A callback would have to be called back; nobody in this house gives one.
    if (!cancellation || others.length > 0) return query(...args);
    if (!cancellation.isArmed && !cancellation.signal.aborted) return query(...args);
    return runUntil(cancellation, pool, statement as pg.QueryConfig, cancelled);
  };
  pool.query = cancellable as typeof pool.query;
}

async function runUntil(
  cancellation: Cancellation,
  pool: pg.Pool,
  statement: pg.QueryConfig,
  cancelled: Counter,
): Promise<pg.QueryResult> {
  const { signal } = cancellation;
  signal.throwIfAborted();
  const client = await pool.connect();
  if (signal.aborted) {
    client.release();
    throw signal.reason;
  }
  let asked: Promise<boolean> | undefined;
  const cancel = () => {
    cancelled.inc();
    asked = sendCancelRequest(client);
  };
  cancellation.onCancel(cancel);
  let failure: unknown;
  try {
    return await client.query(statement);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    cancellation.offCancel(cancel);
    if (asked) void releaseAfter(asked, client, failure);
    else client.release(failure !== undefined);
  }
}

/**
 * Gives a connection back on which a statement was cancelled, when the server has dealt with that: a request that comes
 * late would cancel the statement of somebody else. Where that is not known, the connection is ended.
 */
async function releaseAfter(asked: Promise<boolean>, client: pg.PoolClient, failure: unknown): Promise<void> {
  const passedOn = await asked;
  // As the pool itself does after any failure.
  client.release(!passedOn || (failure !== undefined && !isCancelled(failure)));
}

const isCancelled = (error: unknown): boolean => (error as { code?: unknown }).code === QUERY_CANCELED;
