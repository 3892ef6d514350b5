import type { Alert } from '../alert.ts';
import { counter, steady } from '../sample-series.ts';

const MEBIBYTE = 2 ** 20;
/** Of one process; above it, either a leak or too little memory for what is kept. */
const MEMORY = 1_536 * MEBIBYTE; // 1.5 GiB
const WEEK = 604_800; // seconds

/** Alerts about whole processes. @param jobs - names of the services, as Prometheus calls their scrape jobs */
export const serviceAlerts = (jobs: readonly string[]): readonly Alert[] => [
  {
    name: 'ServiceDown',
    description:
      'Not one instance of the service answers Prometheus. What only this service has is missing from every answer; without a gateway there are no answers.',
    rules: jobs.map((job) => ({
      expr: `absent(up{job="${job}"} == 1)`,
      for: '1m',
      severity: 'page',
      labels: { job },
      summary: `No instance of ${job} is up`,
    })),
    cases: jobs.slice(0, 2).flatMap((job) => [
      {
        name: `${job} answers no more`,
        series: { ...upOf(jobs), [`up{job="${job}",instance="a"}`]: `1+0x4 ${steady(0, 10)}` },
        at: '8m',
        fires: [{ job }],
      },
      {
        name: `${job} is not found any more`,
        series: Object.fromEntries(Object.entries(upOf(jobs)).filter(([series]) => !series.includes(job))),
        at: '5m',
        fires: [{ job }],
      },
      {
        name: `one of two instances of ${job} is up`,
        series: { ...upOf(jobs), [`up{job="${job}",instance="b"}`]: steady(0, 15) },
        at: '8m',
        fires: [],
      },
    ]),
  },
  {
    name: 'InstanceDown',
    description: 'The process does not answer Prometheus, while Prometheus still expects it.',
    rules: [
      {
        expr: 'up == 0',
        for: '5m',
        severity: 'ticket',
        summary: 'An instance of {{ $labels.job }} is down: {{ $labels.instance }}',
      },
    ],
    cases: [
      {
        name: 'is down',
        series: { 'up{job="orders",instance="a"}': steady(0, 15) },
        at: '10m',
        fires: [{ job: 'orders', instance: 'a' }],
      },
      {
        name: 'restarts',
        series: { 'up{job="orders",instance="a"}': `1+0x4 0+0x2 ${steady(1, 10)}` },
        at: '8m',
        fires: [],
      },
    ],
  },
  {
    name: 'ServiceRestarts',
    description:
      'The process ended and was started again, several times. Each time what it was doing is done anew.',
    rules: [
      {
        expr: 'changes(process_start_time_seconds[30m]) > 2',
        for: '0m',
        severity: 'ticket',
        summary:
          '{{ $labels.job }} at {{ $labels.instance }} has started more than twice within half an hour',
      },
    ],
    cases: [
      {
        name: 'starts again and again',
        series: { 'process_start_time_seconds{job="users",instance="a"}': '0+0x4 300+0x4 600+0x4 900+0x9' },
        at: '20m',
        fires: [{ job: 'users', instance: 'a' }],
      },
      {
        name: 'is deployed',
        series: { 'process_start_time_seconds{job="users",instance="a"}': '0+0x9 600+0x15' },
        at: '20m',
        fires: [],
      },
    ],
  },
  {
    name: 'EventLoopLate',
    description:
      'One in a hundred turns of the event loop is late by more than a quarter of a second: every answer of the process waits as long.',
    rules: [
      {
        expr: 'min_over_time(nodejs_eventloop_lag_p99_seconds[5m]) > 0.25',
        for: '5m',
        severity: 'ticket',
        summary: 'The event loop of {{ $labels.job }} at {{ $labels.instance }} is late',
      },
    ],
    cases: [
      {
        name: 'is late',
        series: { 'nodejs_eventloop_lag_p99_seconds{job="gateway",instance="a"}': steady(0.4, 20) },
        at: '15m',
        fires: [{ job: 'gateway', instance: 'a' }],
      },
      {
        name: 'is late now and then',
        series: {
          'nodejs_eventloop_lag_p99_seconds{job="gateway",instance="a"}': '0.4 0.01 0.01 0.4 '
            .repeat(5)
            .trim(),
        },
        at: '15m',
        fires: [],
      },
    ],
  },
  {
    name: 'CertificateExpires',
    description:
      'The certificate that the process serves with, or shows to subgraphs, ends within a week. After that nobody who checks it connects.',
    rules: [
      {
        expr: `tls_certificate_expiry_timestamp_seconds - time() < ${WEEK}`,
        for: '10m',
        severity: 'ticket',
        summary:
          'A certificate of {{ $labels.job }} at {{ $labels.instance }} ends within a week ({{ $labels.use }})',
      },
    ],
    cases: [
      {
        name: 'ends in six days',
        series: {
          'tls_certificate_expiry_timestamp_seconds{job="orders",instance="a",use="server"}': steady(
            (WEEK * 6) / 7,
            30,
          ),
        },
        at: '20m',
        fires: [{ job: 'orders', instance: 'a', use: 'server' }],
      },
      {
        name: 'is renewed in time',
        series: {
          'tls_certificate_expiry_timestamp_seconds{job="orders",instance="a",use="server"}': `${steady((WEEK * 6) / 7, 5)} ${steady(WEEK * 12, 25)}`,
        },
        at: '20m',
        fires: [],
      },
    ],
  },
  {
    name: 'MemoryHigh',
    description:
      'The process has held more than 1.5 GiB for half an hour, after garbage collections too. It may be killed for want of memory.',
    rules: [
      {
        expr: `min_over_time(process_resident_memory_bytes[30m]) > ${MEMORY}`,
        for: '5m',
        severity: 'ticket',
        summary: '{{ $labels.job }} at {{ $labels.instance }} holds much memory',
      },
    ],
    cases: [
      {
        name: 'holds much',
        series: { 'process_resident_memory_bytes{job="gateway",instance="a"}': steady(2 * MEMORY, 50) },
        at: '45m',
        fires: [{ job: 'gateway', instance: 'a' }],
      },
      {
        name: 'has a peak',
        series: {
          'process_resident_memory_bytes{job="gateway",instance="a"}': `${steady(MEMORY / 2, 20)} ${steady(2 * MEMORY, 20)}`,
        },
        at: '38m',
        fires: [],
      },
    ],
  },
  {
    name: 'ServerErrors',
    description: 'More than one in a hundred HTTP requests to the service is answered with a 5xx.',
    rules: [
      {
        expr: `sum by (job) (rate(http_request_duration_seconds_count{status=~"5..",route!~"/health.*"}[5m])) / clamp_min(sum by (job) (rate(http_request_duration_seconds_count{route!~"/health.*"}[5m])), 0.1) > 0.01`,
        for: '5m',
        severity: 'ticket',
        summary: '{{ $labels.job }} answers with 5xx',
      },
    ],
    cases: [
      {
        name: 'one in ten fails',
        series: requests({ ok: 900, failed: 100 }),
        at: '15m',
        fires: [{ job: 'products' }],
      },
      { name: 'one in a thousand fails', series: requests({ ok: 999, failed: 1 }), at: '15m', fires: [] },
    ],
  },
];

const upOf = (jobs: readonly string[]) =>
  Object.fromEntries(jobs.map((job) => [`up{job="${job}",instance="a"}`, steady(1, 15)]));

function requests({ ok, failed }: { ok: number; failed: number }) {
  const of = (status: number) =>
    `http_request_duration_seconds_count{job="products",method="POST",route="/graphql",status="${status}"}`;
  return {
    [of(200)]: counter({ minutes: 20, perMinute: ok }),
    [of(500)]: counter({ minutes: 20, perMinute: failed }),
  };
}
