import pg from 'pg';

const TIMEOUT = 5_000; // 5 seconds for a connection, and for a statement

/** Connections to a database that fail soon, and are replaced at the next use where they break. */
export function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: TIMEOUT,
    query_timeout: TIMEOUT,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
