import type { Assumptions, Prices } from '../../../src/capacity/assumptions.ts';
import type { Costs, OperationCost } from '../../../src/capacity/costs.ts';
import type { Traffic } from '../../../src/capacity/traffic.ts';

const operation = (over: Partial<OperationCost> = {}): OperationCost => ({
  services: {
    gateway: { cpuMs: 1, rssMB: 200, statements: 0 },
    users: { cpuMs: 0, rssMB: 100, statements: 0 },
    products: { cpuMs: 2, rssMB: 100, statements: 5 },
    orders: { cpuMs: 0, rssMB: 100, statements: 0 },
  },
  postgresCpuMs: 1,
  walBytes: 0,
  storageBytes: 0,
  requestBytes: 500,
  answerBytes: 2_000,
  ...over,
});

/** Round costs, from which results can be told by heart. */
export const COSTS: Costs = {
  measured: { date: '2026-01-01', command: 'none', machine: 'none' },
  operations: {
    productPage: operation(),
    crossing: operation(),
    order: operation({
      services: {
        gateway: { cpuMs: 2, rssMB: 200, statements: 0 },
        users: { cpuMs: 1, rssMB: 100, statements: 1 },
        products: { cpuMs: 2, rssMB: 100, statements: 3 },
        orders: { cpuMs: 10, rssMB: 400, statements: 9 },
      },
      postgresCpuMs: 8,
      walBytes: 20_000,
      storageBytes: 10_000,
      answerBytes: 200,
    }),
  },
  hits: { memoryCpuMs: 0.1, redisCpuMs: 0.5 },
  subscriptions: { listenerKB: 20, messageCpuMs: 0.01 },
};

/** Half may be used, three zones. */
export const ASSUMPTIONS: Assumptions = {
  utilisation: 0.5,
  zones: 3,
  pool_size: 10,
  statement_ms: 2,
  listeners_per_gateway: 10_000,
  headers_bytes: 1_000,
  inner_bytes_factor: 2,
  postgres: {
    cores: 16,
    memory_gb: 64,
    wal_mb_per_second: 100,
    max_connections: 100,
    standbys: 1,
    months_kept: 10,
  },
  redis: {
    operations_per_second: 10_000,
    memory_gb: 16,
    per_lookup: 2,
    per_miss: 3,
    per_order: 10,
    per_operation: 1,
    hot_answers: 1_000_000,
    overhead: 2,
  },
  nic_gbit: 10,
};

/** Prices of one for whatever there is. */
export const PRICES: Prices = {
  currency: 'EUR',
  as_of: 'never',
  vcpu_hour: 1,
  gb_hour: 0,
  postgres_vcpu_hour: 1,
  postgres_gb_hour: 0,
  storage_gb_month: 1,
  redis_server_hour: 1,
  redis_gb_hour: 1,
  egress_gb: 1,
  cdn_gb: 1,
  cdn_million_requests: 1,
};

/** A quiet shop that keeps nothing. @param over - what is otherwise */
export const traffic = (over: Partial<Traffic> = {}): Traffic => ({
  ordersPerSecond: 0,
  readsPerSecond: 0,
  subscriptions: 0,
  eventsPerListener: 0,
  personalShare: 0,
  cdnShare: 0,
  memoryHits: 0,
  redisHits: 0,
  peakFactor: 1,
  ...over,
});
