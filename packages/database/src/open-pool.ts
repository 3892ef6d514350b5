import pg from 'pg';

const CONNECT_WITHIN = 5_000; // 5 seconds
const IDLE_FOR = 30_000; // 30 seconds

export interface PoolOptions {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** Most connections. */
  max: number;
  /** As PostgreSQL lists them in `pg_stat_activity.application_name`; an `application_name` in the address goes before. */
  name: string;
  /** Milliseconds that a statement waits for a connection, and a server gets to answer on a new one. @default 5_000 */
  connectWithin?: number | undefined;
  /** Milliseconds that a statement may take; its connection is ended then. @default no limit */
  statementTimeout?: number | undefined;
  /** Settings of its sessions, `-c name=value`, which PgBouncer refuses. @default none */
  sessions?: string | undefined;
  /** What a connection is. @default pg.Client */
  Client?: typeof pg.Client | undefined;
}

/**
 * Opens a bounded pool, whose connections are made when first needed, and replaced at the next use where they break. Who asks
 * for one of a server that takes connections and says nothing, or is behind a firewall that drops packets, is told so in time.
 */
export function openPool(options: PoolOptions): pg.Pool {
  const { url, max, name, connectWithin = CONNECT_WITHIN, statementTimeout, sessions, Client } = options;
  const pool = new PoolThatTells({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: connectWithin,
    idleTimeoutMillis: IDLE_FOR,
    keepAlive: true,
    ...(statementTimeout !== undefined && { query_timeout: statementTimeout }),
    ...(sessions !== undefined && { options: sessions }),
    ...(Client && { Client }),
  });
  // A connection that breaks fails its statement, and another takes its place. It needs a listener for as long as it lives:
  // between two statements nobody else listens, and without one it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** What pg's pool calls back with, whose types have no error without the others. */
type Callback = Extract<Parameters<pg.Pool['connect']>[0], (...args: never[]) => unknown>;

/** A pool that names the server which did not answer: pg says "Connection terminated due to connection timeout". */
class PoolThatTells extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    if (callback) {
      super.connect((error, client, release) => callback(error && this.#told(error), client, release));
      return undefined;
    }
    return super.connect().catch((error: Error) => {
      throw this.#told(error);
    });
  }

  #told(error: Error): Error {
    if (!/^Connection terminated due to connection timeout/.test(error.message)) return error;
    const { host, port } = new pg.Client(this.options);
    const told = new Error(
      `PostgreSQL at ${host}:${port} did not answer within ${this.options.connectionTimeoutMillis} ms`,
      { cause: error },
    );
    return Object.assign(told, { code: 'ETIMEDOUT' });
  }
}
