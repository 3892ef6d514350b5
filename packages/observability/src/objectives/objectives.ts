import { counter } from '../alerts/sample-series.ts';
import type { Objective, Phase, Window } from './objective.ts';

/** Operations that take longer than this are slow. One of the bounds of the histogram; in seconds. */
export const SLOW_SECONDS = 0.5;
/** A job that is due and has waited for longer than this is late; in seconds. */
export const LATE_SECONDS = 60;
/** Age of the oldest job that is due, of tasks that take seconds: an import may run for as long as it likes. */
export const OLDEST_DUE = 'job_oldest_due_seconds{task!~".+[.]import"}';

const OPERATIONS = 'gateway_operation_duration_seconds';
const ANSWERED = 'type=~"query|mutation"';
const SHED = 'gateway_requests_shed_total{reason!="connection"}';
const PER_MINUTE = 6_000; // of the samples

const rate = (series: string, window: Window) => `sum(rate(${series}[${window}]))`;
/** The same where there may be no such series. */
const rateOrNone = (series: string, window: Window) => `(${rate(series, window)} or vector(0))`;

/**
 * A share of events. Less than the least of them counts as the least, so that one failure in a quiet night wakes nobody.
 *
 * @param least - events in a second
 */
const share = (bad: string, all: string, least: number) =>
  `clamp_max((${bad}) / clamp_min(${all}, ${least}), 1)`;

const events = (phases: readonly Phase[], part: (bad: number) => number) =>
  counter(...phases.map(({ minutes, bad }) => ({ minutes, perMinute: PER_MINUTE * part(bad) })));

/** What this graph promises. Change a target here, then run `npm run settings`. */
export const OBJECTIVES: readonly Objective[] = [
  {
    name: 'availability',
    alert: 'AvailabilityBudgetBurn',
    title: 'availability',
    bad: 'Operations that fail by a fault of the graph, or are refused because there is too much to do.',
    target: 0.999,
    badShare: (window) =>
      share(
        `${rateOrNone('gateway_operation_faults_total', window)} + ${rateOrNone(SHED, window)}`,
        `${rate(`${OPERATIONS}_count`, window)} + ${rateOrNone(SHED, window)}`,
        0.1,
      ),
    sample: (phases) => ({
      [`${OPERATIONS}_count{job="gateway",type="query"}`]: events(phases, () => 1),
      'gateway_operation_faults_total{job="gateway",code="SUBGRAPH_TIMEOUT"}': events(phases, (bad) => bad),
    }),
  },
  {
    name: 'latency',
    alert: 'LatencyBudgetBurn',
    title: 'latency',
    bad: `Queries and mutations that take longer than ${SLOW_SECONDS} seconds.`,
    target: 0.99,
    badShare: (window) =>
      share(
        `${rate(`${OPERATIONS}_count{${ANSWERED}}`, window)} - ${rate(`${OPERATIONS}_bucket{${ANSWERED},le="${SLOW_SECONDS}"}`, window)}`,
        rate(`${OPERATIONS}_count{${ANSWERED}}`, window),
        0.1,
      ),
    sample: (phases) => ({
      [`${OPERATIONS}_count{job="gateway",type="query"}`]: events(phases, () => 1),
      [`${OPERATIONS}_bucket{job="gateway",type="query",le="${SLOW_SECONDS}"}`]: events(
        phases,
        (bad) => 1 - bad,
      ),
    }),
  },
  {
    name: 'freshness',
    alert: 'FreshnessBudgetBurn',
    title: 'fresh caches',
    bad: 'Invalidations that a service could not tell the gateways: what they keep is old until it expires.',
    target: 0.999,
    badShare: (window) =>
      share(
        rateOrNone('cache_invalidations_total{outcome="error"}', window),
        rate('cache_invalidations_total', window),
        0.05,
      ),
    sample: (phases) => ({
      'cache_invalidations_total{job="products",outcome="ok"}': events(phases, (bad) => 1 - bad),
      'cache_invalidations_total{job="products",outcome="error"}': events(phases, (bad) => bad),
    }),
  },
  {
    name: 'queue_age',
    alert: 'QueueAgeBudgetBurn',
    title: 'the age of the queue',
    bad: `Minutes in which a job has been due for more than ${LATE_SECONDS} seconds.`,
    target: 0.99,
    records: { 'slo:queue_age:late': `(max(${OLDEST_DUE}) > bool ${LATE_SECONDS}) or vector(0)` },
    badShare: (window) => `avg_over_time(slo:queue_age:late[${window}])`,
    sample: (phases) => ({
      'job_oldest_due_seconds{job="orders",task="payment.start"}': lateMinutes(phases),
    }),
  },
];

/** Spreads the minutes that are bad evenly over each phase. */
const lateMinutes = (phases: readonly Phase[]): string =>
  phases
    .flatMap(({ minutes, bad }) =>
      Array.from({ length: minutes }, (_, minute) => {
        const isLate = Math.floor((minute + 1) * bad) > Math.floor(minute * bad);
        return isLate ? LATE_SECONDS * 2 : 0;
      }),
    )
    .join(' ');
