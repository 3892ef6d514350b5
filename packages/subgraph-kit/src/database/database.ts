import { PrismaPg } from '@prisma/adapter-pg';
import { Counter, Histogram, type Registry } from '@tributary/platform';
import pg from 'pg';
import { makeCancellable } from './cancellable-pool.ts';
import { registerPoolMetrics } from './pool-metrics.ts';
import { finishSharedLookups } from './shared-lookups.ts';

/** The part of a generated Prisma client that every service uses in the same way. */
export interface LoggingClient {
  $on(event: 'query', listener: (event: { duration: number }) => void): unknown;
  $disconnect(): Promise<void>;
  $queryRawUnsafe(statement: string): PromiseLike<unknown>;
}

/** A service's connection to its database. */
export interface Database<Client> {
  prisma: Client;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a generated Prisma client is made with. */
export interface ClientOptions {
  adapter: PrismaPg;
  /** So that statements can be counted. */
  log: [{ emit: 'event'; level: 'query' }];
  /** Messages of errors go to the log, and others have the arguments in them. */
  errorFormat: 'minimal';
  /** In milliseconds. */
  transactionOptions: { maxWait: number; timeout: number };
}

/** As long as any statement waits for a connection: a burst of transactions queues up rather than failing. */
const MAX_WAIT = 5_000; // 5 seconds
const TRANSACTION_TIMEOUT = 10_000; // 10 seconds
/** Longer than any statement takes; by then its connection is one that leads nowhere, and another takes its place. */
const STATEMENT_TIMEOUT = 65_000; // 65 seconds; batches of an import have 60

export interface DatabaseOptions<Client> {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  poolSize: number;
  metrics: Registry;
  /** Makes the generated client: `(options) => new PrismaClient(options)`. */
  createClient(options: ClientOptions): Client;
}

/**
 * Connects a generated Prisma client through a bounded pool. Connections are made when first needed: a service
 * starts, and says it is not ready, while its database is away. A statement ends with the request that made it.
 */
export function connectDatabase<Client extends LoggingClient>(
  options: DatabaseOptions<Client>,
): Database<Client> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    options: '-c TimeZone=UTC', // Prisma takes every timestamp for UTC, whatever zone the server writes it in
    connectionTimeoutMillis: MAX_WAIT,
    query_timeout: STATEMENT_TIMEOUT,
    keepAlive: true,
    idleTimeoutMillis: 30_000, // 30 seconds
  });
  registerPoolMetrics(options.metrics, pool);
  const statements = new Counter({
    name: 'db_statements_total',
    help: 'SQL statements sent to the database',
    registers: [options.metrics],
  });
  const seconds = new Histogram({
    name: 'db_statement_duration_seconds',
    help: 'Time of a SQL statement as the service sees it',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [options.metrics],
  });
  makeCancellable(
    pool,
    new Counter({
      name: 'db_statements_cancelled_total',
      help: 'SQL statements that were cancelled because nobody waited for them any more',
      registers: [options.metrics],
    }),
  );
  // A connection that breaks fails its statement, and another takes its place. It needs a listener for as long as it lives:
  // between two statements nobody else listens, and without one it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  const client = options.createClient({
    adapter: new PrismaPg(pool),
    log: [{ emit: 'event', level: 'query' }],
    errorFormat: 'minimal',
    transactionOptions: { maxWait: MAX_WAIT, timeout: TRANSACTION_TIMEOUT },
  });
  client.$on('query', ({ duration }) => {
    statements.inc();
    seconds.observe(duration / 1_000);
  });
  const prisma = finishSharedLookups(client);
  return {
    prisma,
    ping: async () => void (await prisma.$queryRawUnsafe('SELECT 1')),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
