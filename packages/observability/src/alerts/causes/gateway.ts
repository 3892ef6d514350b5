import type { Alert } from '../alert.ts';
import { counter, steady } from '../sample-series.ts';

const every = (perMinute: number) => counter({ minutes: 30, perMinute });

/** Alerts about what the gateway does with subgraphs and clients. */
export const GATEWAY_ALERTS: readonly Alert[] = [
  {
    name: 'SubgraphBreakerOpen',
    description:
      'The subgraph failed so often that a gateway asks it no more, but for one request now and then: its fields are null.',
    rules: [
      {
        expr: 'max by (subgraph) (max_over_time(gateway_subgraph_breaker_state{state="open"}[1m])) == 1',
        for: '1m',
        severity: 'page',
        summary: 'The circuit breaker of {{ $labels.subgraph }} is open',
      },
    ],
    cases: [
      {
        name: 'is open at one of two gateways',
        series: {
          'gateway_subgraph_breaker_state{job="gateway",instance="a",subgraph="orders",state="open"}': steady(
            1,
            15,
          ),
          'gateway_subgraph_breaker_state{job="gateway",instance="b",subgraph="orders",state="open"}': steady(
            0,
            15,
          ),
        },
        at: '10m',
        fires: [{ subgraph: 'orders' }],
      },
      {
        name: 'was open for a moment',
        series: {
          'gateway_subgraph_breaker_state{job="gateway",subgraph="orders",state="open"}': `0+0x4 1 ${steady(0, 10)}`,
          'gateway_subgraph_breaker_state{job="gateway",subgraph="orders",state="closed"}': `1+0x4 0 ${steady(1, 10)}`,
        },
        at: '8m',
        fires: [],
      },
    ],
  },
  {
    name: 'SubgraphFails',
    description:
      'More than one in twenty requests of the gateways to the subgraph fails, after it was tried again: parts of answers are null.',
    rules: [
      {
        expr: `sum by (subgraph) (rate(gateway_subgraph_request_duration_seconds_count{outcome!~"ok|cancelled|deadline"}[5m])) / clamp_min(sum by (subgraph) (rate(gateway_subgraph_request_duration_seconds_count[5m])), 0.1) > 0.05`,
        for: '5m',
        severity: 'ticket',
        summary: 'Requests to {{ $labels.subgraph }} fail',
      },
    ],
    cases: [
      {
        name: 'one in ten fails',
        series: fetches('timeout', { ok: 900, other: 100 }),
        at: '15m',
        fires: [{ subgraph: 'users' }],
      },
      {
        name: 'clients go away',
        series: fetches('cancelled', { ok: 900, other: 100 }),
        at: '15m',
        fires: [],
      },
      {
        name: 'one in a hundred fails',
        series: fetches('timeout', { ok: 990, other: 10 }),
        at: '15m',
        fires: [],
      },
    ],
  },
  {
    name: 'RetriesExhausted',
    description:
      'So many requests to the subgraph were sent again that no more are: from now on each failure is seen by clients.',
    rules: [
      {
        expr: 'sum by (subgraph) (rate(gateway_subgraph_retry_budget_exhausted_total[5m])) > 0',
        for: '5m',
        severity: 'ticket',
        summary: 'The retry budget of {{ $labels.subgraph }} is used up',
      },
    ],
    cases: [
      {
        name: 'goes on',
        series: {
          'gateway_subgraph_retry_budget_exhausted_total{job="gateway",subgraph="users"}': every(30),
        },
        at: '15m',
        fires: [{ subgraph: 'users' }],
      },
      {
        name: 'is over',
        series: {
          'gateway_subgraph_retry_budget_exhausted_total{job="gateway",subgraph="users"}': counter(
            { minutes: 3, perMinute: 30 },
            { minutes: 20, perMinute: 0 },
          ),
        },
        at: '20m',
        fires: [],
      },
    ],
  },
  {
    name: 'GatewaySheds',
    description: 'The gateways have more to do than they can, and refuse operations with OVERLOADED.',
    rules: [
      {
        expr: 'sum by (reason) (rate(gateway_requests_shed_total[5m])) > 0',
        for: '5m',
        severity: 'ticket',
        summary: 'The gateways refuse what they have no time for ({{ $labels.reason }})',
      },
    ],
    cases: [
      {
        name: 'refuses',
        series: { 'gateway_requests_shed_total{job="gateway",reason="queue_full"}': every(60) },
        at: '15m',
        fires: [{ reason: 'queue_full' }],
      },
      {
        name: 'has refused nothing',
        series: { 'gateway_requests_shed_total{job="gateway",reason="queue_full"}': every(0) },
        at: '15m',
        fires: [],
      },
    ],
  },
  {
    name: 'SubscribersDropped',
    description:
      'Clients are cut off because they read too slowly, or because events come faster than they can be filled in.',
    rules: [
      {
        expr: 'sum by (reason) (rate(gateway_subscription_drops_total{reason=~"slow|overrun"}[10m])) > 0.05',
        for: '10m',
        severity: 'ticket',
        summary: 'Subscriptions are ended by the gateway ({{ $labels.reason }})',
      },
    ],
    cases: [
      {
        name: 'many are slow',
        series: { 'gateway_subscription_drops_total{job="gateway",reason="slow"}': every(30) },
        at: '25m',
        fires: [{ reason: 'slow' }],
      },
      {
        name: 'tokens expire',
        series: { 'gateway_subscription_drops_total{job="gateway",reason="token"}': every(30) },
        at: '25m',
        fires: [],
      },
    ],
  },
];

function fetches(outcome: string, { ok, other }: { ok: number; other: number }) {
  const of = (name: string) =>
    `gateway_subgraph_request_duration_seconds_count{job="gateway",subgraph="users",outcome="${name}"}`;
  return { [of('ok')]: every(ok), [of(outcome)]: every(other) };
}
