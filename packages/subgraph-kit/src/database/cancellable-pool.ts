import type { Counter } from '@tributary/platform';
import type pg from 'pg';
import { currentCancellation } from '../cancellation/cancellation.ts';
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
    const signal = currentCancellation()?.signal;
    const [statement, ...others] = args;
    // A callback would have to be called back; nobody in this house gives one.
    if (!signal || others.length > 0) return query(...args);
    return runUntil(signal, pool, statement as pg.QueryConfig, cancelled);
  };
  pool.query = cancellable as typeof pool.query;
}

async function runUntil(
  signal: AbortSignal,
  pool: pg.Pool,
  statement: pg.QueryConfig,
  cancelled: Counter,
): Promise<pg.QueryResult> {
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
  let failure: unknown;
  // A connection that breaks fails its statement; without a listener it would end the process, too.
  client.on('error', ignore);
  signal.addEventListener('abort', cancel);
  try {
    return await client.query(statement);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    void release(client, failure, asked);
  }
}

/**
 * Gives a connection back, or ends it where it may be broken. One on which a statement was cancelled waits until the
 * server has dealt with that: a request that comes late would cancel the statement of somebody else.
 */
async function release(
  client: pg.PoolClient,
  failure: unknown,
  asked: Promise<boolean> | undefined,
): Promise<void> {
  const passedOn = (await asked) ?? true;
  const broken = failure !== undefined && !(asked && isCancelled(failure));
  client.off('error', ignore);
  client.release(broken || !passedOn);
}

const isCancelled = (error: unknown): boolean => (error as { code?: unknown }).code === QUERY_CANCELED;

const ignore = () => undefined;
