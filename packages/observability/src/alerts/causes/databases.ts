import type { Alert } from '../alert.ts';
import { steady } from '../sample-series.ts';

/** Alerts about partitions and read replicas. */
export const DATABASE_ALERTS: readonly Alert[] = [
  {
    name: 'PartitionsMissing',
    description:
      'A table has no partitions for the month after the next one: the job that makes them has failed for weeks. Rows of a month without one go to the default partition, from which they have to be moved.',
    rules: [
      {
        expr: 'max by (job, table) (db_partitions_ahead) < 2',
        for: '2h',
        severity: 'ticket',
        summary: '{{ $labels.table }} of {{ $labels.job }} lacks partitions for the months to come',
      },
    ],
    cases: [
      {
        name: 'those of one month are left',
        series: { 'db_partitions_ahead{job="orders",instance="a",table="orders"}': steady(1, 180) },
        at: '150m',
        fires: [{ job: 'orders', table: 'orders' }],
      },
      {
        name: 'a month begins, and the job runs at night',
        series: { 'db_partitions_ahead{job="orders",instance="a",table="orders"}': steady(2, 180) },
        at: '150m',
        fires: [],
      },
      {
        name: 'one instance has not looked again since they were made',
        series: {
          'db_partitions_ahead{job="orders",instance="a",table="orders"}': steady(1, 180),
          'db_partitions_ahead{job="orders",instance="b",table="orders"}': steady(3, 180),
        },
        at: '150m',
        fires: [],
      },
    ],
  },
  {
    name: 'ReplicaOut',
    description:
      'No process of the service reads the replica: it is away, or too far behind. The primary has its reads.',
    rules: [
      {
        expr: 'max by (job, replica) (max_over_time(db_replica_in_rotation[2m])) == 0',
        for: '3m',
        severity: 'ticket',
        summary: 'Replica {{ $labels.replica }} of {{ $labels.job }} is not read',
      },
    ],
    cases: [
      {
        name: 'nobody reads it',
        series: inRotation({ a: steady(0, 15), b: steady(0, 15) }),
        at: '10m',
        fires: [{ job: 'orders', replica: 'db2:5432' }],
      },
      {
        name: 'it restarts',
        series: inRotation({ a: `1+0x4 0+0x2 ${steady(1, 10)}` }),
        at: '8m',
        fires: [],
      },
      {
        name: 'one of two instances reads it',
        series: inRotation({ a: steady(0, 15), b: steady(1, 15) }),
        at: '10m',
        fires: [],
      },
    ],
  },
  {
    name: 'ReplicaLags',
    description:
      'The replica is read less than nine tenths of the time: again and again it is further behind than DATABASE_REPLICA_MAX_LAG_MS.',
    rules: [
      {
        expr: 'max by (job, replica) (avg_over_time(db_replica_in_rotation[15m])) < 0.9 > 0',
        for: '10m',
        severity: 'ticket',
        summary: 'Replica {{ $labels.replica }} of {{ $labels.job }} is too far behind, again and again',
      },
    ],
    cases: [
      {
        name: 'is out every third minute',
        series: inRotation({ a: '1 1 0 '.repeat(15).trim() }),
        at: '40m',
        fires: [{ job: 'orders', replica: 'db2:5432' }],
      },
      {
        name: 'was out once',
        series: inRotation({ a: `1+0x20 0 ${steady(1, 20)}` }),
        at: '35m',
        fires: [],
      },
      { name: 'is away', series: inRotation({ a: steady(0, 45) }), at: '40m', fires: [] },
    ],
  },
];

/** @param values - by instance */
function inRotation(values: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(values).map(([instance, series]) => [
      `db_replica_in_rotation{job="orders",instance="${instance}",replica="db2:5432"}`,
      series,
    ]),
  );
}
