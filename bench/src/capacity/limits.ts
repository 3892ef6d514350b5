import type { Connections, Tier, Volumes } from './plan.ts';
import type { Inputs } from './processes.ts';
import type { Databases } from './stores.ts';

/** Something of which there is one until somebody makes it more. */
export interface Limit {
  name: string;
  /** What this traffic asks of it, in `unit`. */
  load: number;
  /** What it can do, in `unit`. */
  capacity: number;
  unit: string;
  /** The load as share of the capacity; above 1 one of it cannot carry this traffic. */
  share: number;
  /** Metric that shows it first. */
  metric: string;
  /** What to do. */
  next: string;
  /** Section of docs/scaling.md. */
  section: string;
}

/**
 * All that there is one of at first, the nearest to its end first.
 *
 * @param tiers - of `processTiers`
 */
export function limitsOf(
  { assumptions, traffic }: Inputs,
  parts: {
    tiers: readonly Tier[];
    databases: Databases;
    connections: readonly Connections[];
    volumes: Volumes;
  },
): Limit[] {
  const { tiers, databases, connections, volumes } = parts;
  const { postgres, redis } = assumptions;
  const busyOf = (name: string) => tiers.find((tier) => tier.name === name)?.busyCores ?? 0;
  const subgraphs = tiers.filter(({ name }) => name !== 'gateway').map(({ busyCores = 0 }) => busyCores);
  const limits: Omit<Limit, 'share'>[] = [
    {
      name: 'event loop of one gateway',
      load: busyOf('gateway'),
      capacity: 1,
      unit: 'cores',
      metric: 'nodejs_eventloop_lag_p99_seconds',
      next: 'more gateways behind nginx',
      section: 'several-gateways',
    },
    {
      name: 'event loop of one subgraph process',
      load: Math.max(0, ...subgraphs),
      capacity: 1,
      unit: 'cores',
      metric: 'nodejs_eventloop_lag_p99_seconds',
      next: 'more processes of the subgraph',
      section: 'several-gateways',
    },
    {
      name: 'listeners of one gateway',
      load: traffic.subscriptions,
      capacity: assumptions.listeners_per_gateway,
      unit: 'listeners',
      metric: 'gateway_client_connections',
      next: 'more gateways; events reach all of them',
      section: 'several-gateways',
    },
    {
      name: 'connections of one PostgreSQL',
      load: Math.max(0, ...connections.map(({ opened }) => opened)),
      capacity: postgres.max_connections,
      unit: 'connections',
      metric: 'db_pool_connections',
      next: 'PgBouncer in front of it',
      section: 'databases',
    },
    {
      name: 'one PostgreSQL for everything',
      load: databases.orderCores + databases.readCores,
      capacity: postgres.cores,
      unit: 'cores',
      metric: 'db_statement_duration_seconds',
      next: 'read replicas, and longer ages in the caches',
      section: 'databases',
    },
    {
      name: 'CPU of one primary for orders',
      load: databases.orderCores,
      capacity: postgres.cores,
      unit: 'cores',
      metric: 'job_oldest_due_seconds',
      next: 'orders sharded by user',
      section: 'internet-scale',
    },
    {
      name: 'write-ahead log of one primary',
      load: volumes.walMB,
      capacity: postgres.wal_mb_per_second,
      unit: 'MB/s',
      metric: 'db_statement_duration_seconds',
      next: 'orders sharded by user',
      section: 'internet-scale',
    },
    {
      name: 'commands of one Redis',
      load: volumes.redisOperations,
      capacity: redis.operations_per_second,
      unit: 'commands/s',
      metric: 'cache_redis_seconds',
      next: 'Redis Cluster',
      section: 'ten-thousand-requests-a-second',
    },
    {
      name: 'network of one load balancer',
      load: volumes.gatewayOutGbit,
      capacity: assumptions.nic_gbit,
      unit: 'Gbit/s',
      metric: 'http_request_duration_seconds',
      next: 'a CDN in front, several balancers',
      section: 'internet-scale',
    },
  ];
  return limits
    .map((limit) => ({ ...limit, share: limit.load / limit.capacity }))
    .sort((a, b) => b.share - a.share);
}
