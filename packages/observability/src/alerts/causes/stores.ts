import type { Alert } from '../alert.ts';
import { counter, steady } from '../sample-series.ts';

const every = (perMinute: number) => counter({ minutes: 30, perMinute });

/** Alerts about databases and Redis. */
export const STORE_ALERTS: readonly Alert[] = [
  {
    name: 'DatabasePoolExhausted',
    description:
      'For minutes, somebody always waited for a connection to the database: answers take as much longer.',
    rules: [
      {
        expr: 'min_over_time(db_pool_waiting[3m]) > 0',
        for: '2m',
        severity: 'page',
        summary: 'All database connections of {{ $labels.job }} at {{ $labels.instance }} are busy',
      },
    ],
    cases: [
      {
        name: 'somebody always waits',
        series: { 'db_pool_waiting{job="orders",instance="a"}': steady(7, 15) },
        at: '10m',
        fires: [{ job: 'orders', instance: 'a' }],
      },
      {
        name: 'a burst waits',
        series: { 'db_pool_waiting{job="orders",instance="a"}': '0 40 0 0 35 0 0 0 20 0 0 0' },
        at: '10m',
        fires: [],
      },
    ],
  },
  {
    name: 'StatementsSlow',
    description: 'More than one in a hundred SQL statements takes longer than a quarter of a second.',
    rules: [
      {
        expr: '1 - sum by (job) (rate(db_statement_duration_seconds_bucket{le="0.25"}[10m])) / sum by (job) (rate(db_statement_duration_seconds_count[10m])) > 0.01',
        for: '10m',
        severity: 'ticket',
        summary: 'SQL statements of {{ $labels.job }} are slow',
      },
    ],
    cases: [
      { name: 'some are slow', series: statements(950), at: '25m', fires: [{ job: 'products' }] },
      { name: 'nearly all are fast', series: statements(999), at: '25m', fires: [] },
      { name: 'there are none', series: statements(0, 0), at: '25m', fires: [] },
    ],
  },
  {
    name: 'RedisLost',
    description:
      'A gateway leaves Redis alone after it failed. It goes on with what is in its memory; limits are counted by each gateway for itself.',
    rules: [
      {
        expr: 'max by (job, instance) (min_over_time(cache_redis_breaker_open[2m])) == 1 or sum by (job, instance) (rate(rate_limit_store_failures_total[2m])) > 0',
        for: '2m',
        severity: 'ticket',
        summary: 'Redis does not answer {{ $labels.job }} at {{ $labels.instance }}',
      },
    ],
    cases: [
      {
        name: 'the caches leave it alone',
        series: { 'cache_redis_breaker_open{job="gateway",instance="a"}': steady(1, 15) },
        at: '10m',
        fires: [{ job: 'gateway', instance: 'a' }],
      },
      {
        name: 'limits cannot be counted',
        series: { 'rate_limit_store_failures_total{job="gateway",instance="a"}': every(10) },
        at: '10m',
        fires: [{ job: 'gateway', instance: 'a' }],
      },
      {
        name: 'all is well',
        series: {
          'cache_redis_breaker_open{job="gateway",instance="a"}': steady(0, 15),
          'rate_limit_store_failures_total{job="gateway",instance="a"}': every(0),
        },
        at: '10m',
        fires: [],
      },
    ],
  },
  {
    name: 'EventBusLost',
    description:
      'A process of a subgraph hears no events from Redis: its subscriptions stand still, and read what they missed once it does.',
    rules: [
      {
        expr: 'max_over_time(event_bus_connected[1m]) == 0',
        for: '2m',
        severity: 'page',
        summary: '{{ $labels.job }} at {{ $labels.instance }} hears no events',
      },
    ],
    cases: [
      {
        name: 'hears nothing',
        series: { 'event_bus_connected{job="orders",instance="a"}': `1+0x2 ${steady(0, 10)}` },
        at: '8m',
        fires: [{ job: 'orders', instance: 'a' }],
      },
      {
        name: 'comes back',
        series: { 'event_bus_connected{job="orders",instance="a"}': `1+0x2 0 ${steady(1, 10)}` },
        at: '5m',
        fires: [],
      },
    ],
  },
  {
    name: 'InvalidationsFail',
    description:
      'A service could not tell the gateways what has changed. They answer with the old until it expires or the service has told them.',
    rules: [
      {
        expr: 'sum by (job) (rate(cache_invalidations_total{outcome="error"}[5m])) > 0',
        for: '5m',
        severity: 'ticket',
        summary: '{{ $labels.job }} cannot tell the gateways what has changed',
      },
    ],
    cases: [
      {
        name: 'they fail',
        series: { 'cache_invalidations_total{job="products",outcome="error"}': every(2) },
        at: '15m',
        fires: [{ job: 'products' }],
      },
      {
        name: 'they are told',
        series: {
          'cache_invalidations_total{job="products",outcome="ok"}': every(60),
          'cache_invalidations_total{job="products",outcome="error"}': every(0),
        },
        at: '15m',
        fires: [],
      },
    ],
  },
  {
    name: 'BackupLogNotReceived',
    description:
      'Nobody receives the log of a database server that is backed up: changes wait where commits wait for it, or would be lost with the server.',
    rules: [
      {
        expr: 'max by (job) (db_backup_log_received) == 0',
        for: '2m',
        severity: 'page',
        summary: 'The log of the database of {{ $labels.job }} is not received for the backup',
      },
    ],
    cases: [
      {
        name: 'the receiver has ended',
        series: {
          'db_backup_log_received{job="orders",instance="a"}': `1+0x2 ${steady(0, 10)}`,
          'db_backup_log_received{job="orders",instance="b"}': `1+0x2 ${steady(0, 10)}`,
        },
        at: '8m',
        fires: [{ job: 'orders' }],
      },
      {
        name: 'the receiver is started again',
        series: { 'db_backup_log_received{job="orders",instance="a"}': `1+0x2 0 ${steady(1, 10)}` },
        at: '5m',
        fires: [],
      },
    ],
  },
];

function statements(fast: number, all = 1_000) {
  return {
    'db_statement_duration_seconds_bucket{job="products",le="0.25"}': every(fast),
    'db_statement_duration_seconds_count{job="products"}': every(all),
  };
}
