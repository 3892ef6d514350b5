import pg from 'pg';
import { UtcClient } from './utc-client.ts';

/** As long as any statement waits for a connection: a burst of transactions queues up rather than failing. */
export const MAX_WAIT = 5_000; // 5 seconds
/** Longer than any statement takes; by then its connection is one that leads nowhere, and another takes its place. */
const STATEMENT_TIMEOUT = 65_000; // 65 seconds; batches of an import have 60

export interface PoolOptions {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** Most connections. */
  max: number;
  /** Settings of its sessions, `-c name=value`, which PgBouncer refuses. @default none */
  sessions?: string;
  /** Milliseconds that a statement waits for a connection. @default 5_000 */
  maxWait?: number;
  /** Milliseconds that a statement may take. @default 65_000 */
  statementTimeout?: number;
}

/** Opens a bounded pool, whose connections are made when first needed. */
export function openPool(options: PoolOptions): pg.Pool {
  const { url, max, sessions, maxWait = MAX_WAIT, statementTimeout = STATEMENT_TIMEOUT } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    Client: UtcClient,
    ...(sessions !== undefined && { options: sessions }),
    connectionTimeoutMillis: maxWait,
    query_timeout: statementTimeout,
    keepAlive: true,
    idleTimeoutMillis: 30_000, // 30 seconds
  });
  // A connection that breaks fails its statement, and another takes its place. It needs a listener for as long as it lives:
  // between two statements nobody else listens, and without one it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return pool;
}
