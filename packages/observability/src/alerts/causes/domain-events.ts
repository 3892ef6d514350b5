import type { Alert } from '../alert.ts';
import { counter, steady } from '../sample-series.ts';

/** Seconds that an event for other systems may wait, where nothing is wrong with it. */
const OLDEST = 300;

/** Alerts about events for other systems. */
export const DOMAIN_EVENT_ALERTS: readonly Alert[] = [
  {
    name: 'DomainEventsWait',
    description:
      'Events for other systems have waited for more than five minutes: warehouses and the like do not know what happened. None is lost, and the outbox grows.',
    rules: [
      {
        expr: `max by (job) (min_over_time(domain_events_oldest_seconds[5m])) > ${OLDEST}`,
        for: '5m',
        severity: 'page',
        summary: 'Events of {{ $labels.job }} do not reach other systems',
      },
    ],
    cases: [
      {
        name: 'the oldest gets older, as two instances see it',
        series: {
          'domain_events_oldest_seconds{job="orders",instance="a"}': '0+60x30',
          'domain_events_oldest_seconds{job="orders",instance="b"}': '0+60x30',
        },
        at: '20m',
        fires: [{ job: 'orders' }],
      },
      {
        name: 'an import is worked off',
        series: { 'domain_events_oldest_seconds{job="products",instance="a"}': '0+60x4 200-20x10 0+0x15' },
        at: '20m',
        fires: [],
      },
    ],
  },
  {
    name: 'DomainEventsFail',
    description:
      'Events for other systems cannot be sent: the broker of EVENTS_OUT is away, or is set up wrong. They wait, and are tried again.',
    rules: [
      {
        expr: 'sum by (job) (rate(domain_events_published_total{outcome="failed"}[5m])) > 0',
        for: '5m',
        severity: 'ticket',
        summary: '{{ $labels.job }} cannot send events to its broker',
      },
    ],
    cases: [
      {
        name: 'they fail',
        series: { [published('failed')]: counter({ minutes: 30, perMinute: 6 }) },
        at: '15m',
        fires: [{ job: 'orders' }],
      },
      {
        name: 'the broker was restarted',
        series: {
          [published('failed')]: counter({ minutes: 2, perMinute: 6 }, { minutes: 28, perMinute: 0 }),
          [published('sent')]: counter({ minutes: 30, perMinute: 60 }),
        },
        at: '15m',
        fires: [],
      },
    ],
  },
  {
    name: 'DomainEventsDead',
    description:
      'The broker has refused events as often as they are tried. They, and the later ones of the same order, product or user, wait until somebody has them tried again, or drops them.',
    rules: [
      {
        expr: 'max by (job) (domain_events_dead) > 0',
        for: '1m',
        severity: 'ticket',
        summary: 'Events of {{ $labels.job }} are dead',
      },
    ],
    cases: [
      {
        name: 'one is dead, as two instances see it',
        series: {
          'domain_events_dead{job="orders",instance="a"}': steady(1, 15),
          'domain_events_dead{job="orders",instance="b"}': steady(1, 15),
        },
        at: '10m',
        fires: [{ job: 'orders' }],
      },
      {
        name: 'some are tried again',
        series: {
          'domain_events_dead{job="orders",instance="a"}': steady(0, 15),
          'domain_events_retried{job="orders",instance="a"}': steady(3, 15),
        },
        at: '10m',
        fires: [],
      },
    ],
  },
];

function published(outcome: 'sent' | 'failed'): string {
  return `domain_events_published_total{job="orders",instance="a",type="order.paid.v1",outcome="${outcome}"}`;
}
