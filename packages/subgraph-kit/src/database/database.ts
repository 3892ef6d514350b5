import { PrismaPg } from '@prisma/adapter-pg';
import { Counter, Histogram, type Registry } from '@tributary/platform';
import type pg from 'pg';
import { traceOperationsOf, traceStatements } from '../tracing/trace-database.ts';
import { makeCancellable } from './cancellable-pool.ts';
import { MAX_WAIT, openUtcPool } from './open-utc-pool.ts';
import { registerPoolMetrics } from './pool-metrics.ts';
import { connectReplicas, type ReplicaOptions, type Replicas } from './replicas/replicas.ts';
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
  /** Null where it has no read replicas. */
  replicas: Replicas | null;
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

const TRANSACTION_TIMEOUT = 10_000; // 10 seconds
/** Sessions on a replica change nothing, also when it is none any more. */
const READ_ONLY = '-c default_transaction_read_only=on';
/** A read that a replica has no connection for in this time is sent to the primary. */
const MAX_WAIT_FOR_REPLICA = 1_000; // 1 second
/** A server that does not say where it is in this time is not read from. */
const LOOK_TIMEOUT = 2_000; // 2 seconds

export interface DatabaseOptions<Client> {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** As PostgreSQL lists its connections. @default tributary */
  name?: string;
  poolSize: number;
  metrics: Registry;
  /** Where queries may be read from; none when left out. */
  replicas?: ReplicaOptions | undefined;
  /** Whether what is asked may have spans. @default it has none */
  isTraced?: boolean;
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
  const { name = 'tributary' } = options;
  const pool = openUtcPool({ url: options.url, max: options.poolSize, name });
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
  const cancelled = new Counter({
    name: 'db_statements_cancelled_total',
    help: 'SQL statements that were cancelled because nobody waited for them any more',
    registers: [options.metrics],
  });
  makeCancellable(pool, cancelled);
  const replicas = readFromReplicas(pool, { ...options, name }, cancelled);
  const { isTraced = false } = options;
  const adapter = new PrismaPg(pool);
  const client = options.createClient({
    adapter: isTraced ? traceStatements(adapter) : adapter,
    log: [{ emit: 'event', level: 'query' }],
    errorFormat: 'minimal',
    transactionOptions: { maxWait: MAX_WAIT, timeout: TRANSACTION_TIMEOUT },
  });
  client.$on('query', ({ duration }) => {
    statements.inc();
    seconds.observe(duration / 1_000);
  });
  const prisma = finishSharedLookups(isTraced ? traceOperationsOf(client) : client);
  return {
    prisma,
    ping: async () => void (await prisma.$queryRawUnsafe('SELECT 1')),
    replicas,
    close: async () => {
      await prisma.$disconnect();
      await replicas?.close();
      await pool.end();
    },
  };
}

type ReplicaSource = Omit<DatabaseOptions<unknown>, 'createClient' | 'name'> & { name: string };

function readFromReplicas(
  pool: pg.Pool,
  { url: primary, name, poolSize, metrics, replicas }: ReplicaSource,
  cancelled: Counter,
): Replicas | null {
  if (!replicas || replicas.urls.length === 0) return null;
  return connectReplicas({
    ...replicas,
    pool,
    metrics,
    openPool(url) {
      const reads = openUtcPool({
        url,
        name,
        max: poolSize,
        sessions: READ_ONLY,
        connectWithin: MAX_WAIT_FOR_REPLICA,
      });
      makeCancellable(reads, cancelled);
      return reads;
    },
    openWatch: (url = primary) =>
      openUtcPool({ url, name, max: 1, connectWithin: LOOK_TIMEOUT, statementTimeout: LOOK_TIMEOUT }),
  });
}
