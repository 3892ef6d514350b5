import { OLDEST_DUE } from '../../objectives/objectives.ts';
import type { Alert } from '../alert.ts';
import { counter, steady } from '../sample-series.ts';

/** Alerts about work for later. */
export const JOB_ALERTS: readonly Alert[] = [
  {
    name: 'JobsDead',
    description:
      'Jobs have failed as often as they are tried. Nobody works on them any more: a payment, a mail or an erasure may be missing.',
    rules: [
      {
        expr: 'max by (job, task) (jobs{state="dead"}) > 0',
        for: '5m',
        severity: 'ticket',
        summary: 'Jobs {{ $labels.task }} of {{ $labels.job }} are dead',
      },
    ],
    cases: [
      {
        name: 'one is dead, as two instances see it',
        series: {
          'jobs{job="orders",instance="a",task="payment.start",state="dead"}': steady(1, 20),
          'jobs{job="orders",instance="b",task="payment.start",state="dead"}': steady(1, 20),
        },
        at: '10m',
        fires: [{ job: 'orders', task: 'payment.start' }],
      },
      {
        name: 'many wait',
        series: { 'jobs{job="orders",instance="a",task="payment.start",state="waiting"}': steady(500, 20) },
        at: '10m',
        fires: [],
      },
    ],
  },
  {
    name: 'JobsFail',
    description: 'More than a fifth of the tries of a task fails. They are tried again, later each time.',
    rules: [
      {
        expr: 'sum by (job, task) (rate(jobs_total{outcome=~"failed|dead"}[15m])) / sum by (job, task) (rate(jobs_total[15m])) > 0.2',
        for: '15m',
        severity: 'ticket',
        summary: 'Jobs {{ $labels.task }} of {{ $labels.job }} fail',
      },
    ],
    cases: [
      {
        name: 'every second fails',
        series: tries(30, 30),
        at: '35m',
        fires: [{ job: 'orders', task: 'mail.confirmation' }],
      },
      { name: 'one in ten fails', series: tries(54, 6), at: '35m', fires: [] },
    ],
  },
  {
    name: 'JobsWait',
    description:
      'A job has been due for more than five minutes and is not done: workers are too few, stuck, or gone.',
    rules: [
      {
        expr: `max by (job, task) (${OLDEST_DUE}) > 300`,
        for: '5m',
        severity: 'ticket',
        summary: 'Jobs {{ $labels.task }} of {{ $labels.job }} wait for too long',
      },
    ],
    cases: [
      {
        name: 'nobody works',
        series: { 'job_oldest_due_seconds{job="orders",instance="a",task="payment.start"}': '0+60x30' },
        at: '20m',
        fires: [{ job: 'orders', task: 'payment.start' }],
      },
      {
        name: 'a catalogue is imported',
        series: {
          'job_oldest_due_seconds{job="products",instance="a",task="catalogue.import"}': '0+60x30',
        },
        at: '20m',
        fires: [],
      },
      {
        name: 'work is done in time',
        series: {
          'job_oldest_due_seconds{job="orders",instance="a",task="payment.start"}': '0 20 40 0 10 0'.concat(
            ' 5+0x20',
          ),
        },
        at: '20m',
        fires: [],
      },
    ],
  },
  {
    name: 'RetentionBehind',
    description:
      'Rows are there that should have been deleted a day ago: something is kept for longer than people were told.',
    rules: [
      {
        expr: 'max by (job, table) (db_retention_oldest_row_seconds) - max by (job, table) (db_retention_seconds) > 86400',
        for: '1h',
        severity: 'ticket',
        summary: '{{ $labels.job }} keeps rows of {{ $labels.table }} for too long',
      },
    ],
    cases: [
      {
        name: 'nothing is deleted any more, as two instances see it',
        series: {
          'db_retention_oldest_row_seconds{job="orders",instance="a",table="placements"}': steady(
            7_900_000,
            90,
          ),
          'db_retention_oldest_row_seconds{job="orders",instance="b",table="placements"}': steady(
            7_800_000,
            90,
          ),
          'db_retention_seconds{job="orders",instance="a",table="placements"}': steady(7_776_000, 90),
          'db_retention_seconds{job="orders",instance="b",table="placements"}': steady(7_776_000, 90),
        },
        at: '80m',
        fires: [{ job: 'orders', table: 'placements' }],
      },
      {
        name: 'the next hour will delete it',
        series: {
          'db_retention_oldest_row_seconds{job="orders",instance="a",table="placements"}': steady(
            7_778_000,
            90,
          ),
          'db_retention_seconds{job="orders",instance="a",table="placements"}': steady(7_776_000, 90),
        },
        at: '80m',
        fires: [],
      },
    ],
  },
];

function tries(done: number, failed: number) {
  const of = (outcome: string) =>
    `jobs_total{job="orders",instance="a",task="mail.confirmation",outcome="${outcome}"}`;
  return {
    [of('done')]: counter({ minutes: 40, perMinute: done }),
    [of('failed')]: counter({ minutes: 40, perMinute: failed }),
  };
}
