import type { Row } from './dashboard.ts';
import { quantile, rate } from './promql.ts';

const FETCHES = 'gateway_subgraph_request_duration_seconds';

/** What the gateway asks, keeps and sends on. */
export const GATEWAY_ROWS: readonly Row[] = [
  {
    title: 'Subgraphs, as the gateways see them',
    panels: [
      {
        title: 'Requests',
        description: 'By subgraph and how they ended.',
        kind: 'areas',
        unit: 'reqps',
        queries: [
          { expr: rate(`${FETCHES}_count`, 'subgraph, outcome'), legend: '{{subgraph}} {{outcome}}' },
        ],
      },
      {
        title: 'Duration',
        description: 'The 99th percentile, retries included.',
        kind: 'lines',
        unit: 's',
        queries: [{ expr: quantile(0.99, FETCHES, 'subgraph'), legend: '{{subgraph}}' }],
      },
      {
        title: 'Breakers',
        description: '1: a gateway asks the subgraph no more, as it failed too often.',
        kind: 'lines',
        unit: 'short',
        queries: [
          {
            expr: 'max by (subgraph) (gateway_subgraph_breaker_state{state="open"})',
            legend: '{{subgraph}}',
          },
        ],
        bad: 1,
      },
      {
        title: 'Retries',
        description: 'Requests that were sent again, and those that were not since so many others had been.',
        kind: 'areas',
        unit: 'reqps',
        queries: [
          {
            expr: rate('gateway_subgraph_retries_total', 'subgraph'),
            legend: '{{subgraph}}',
            emptyUntil: 'a subgraph fails',
          },
          {
            expr: rate('gateway_subgraph_retry_budget_exhausted_total', 'subgraph'),
            legend: '{{subgraph}} not sent',
            emptyUntil: 'a subgraph fails',
          },
        ],
      },
      {
        title: 'Connections',
        description: 'Open connections to each subgraph, and requests that wait for one.',
        kind: 'lines',
        unit: 'short',
        queries: [
          {
            expr: 'sum by (subgraph, state) (gateway_subgraph_pool_connections)',
            legend: '{{subgraph}} {{state}}',
          },
          { expr: 'sum by (subgraph) (gateway_subgraph_pool_waiting)', legend: '{{subgraph}} waiting' },
        ],
      },
      {
        title: 'Shared fetches',
        description: 'Requests that were not sent, since an equal one was under way.',
        kind: 'areas',
        unit: 'reqps',
        queries: [
          {
            expr: rate('gateway_subgraph_shared_fetches_total', 'subgraph'),
            legend: '{{subgraph}}',
            emptyUntil: 'equal queries come at once',
          },
        ],
      },
    ],
  },
  {
    title: 'Caches',
    panels: [
      {
        title: 'Answers',
        description: 'How much of the answers to queries was there already.',
        kind: 'areas',
        unit: 'ops',
        queries: [{ expr: rate('cache_answers_total', 'state'), legend: '{{state}}' }],
      },
      {
        title: 'Parts that were there',
        description: 'The share of entities and root fields that a subgraph need not be asked for.',
        kind: 'lines',
        unit: 'percentunit',
        queries: [
          {
            expr: `sum by (subgraph) (rate(cache_parts_total{result="hit"}[$__rate_interval])) / sum by (subgraph) (rate(cache_parts_total[$__rate_interval]))`,
            legend: '{{subgraph}}',
          },
        ],
      },
      {
        title: 'Look-ups',
        description: 'By cache, layer and result; Redis is asked for what memory lacks.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          {
            expr: rate('cache_requests_total', 'cache, layer, result'),
            legend: '{{cache}} {{layer}} {{result}}',
          },
        ],
      },
      {
        title: 'Memory',
        description: 'Bytes of the entries in memory, all gateways together.',
        kind: 'areas',
        unit: 'bytes',
        queries: [{ expr: 'sum by (cache) (cache_bytes)', legend: '{{cache}}' }],
      },
      {
        title: 'Entries that left memory',
        description:
          'For want of space, expired, invalidated, or since invalidations may have been missed (gap).',
        kind: 'areas',
        unit: 'ops',
        queries: [
          {
            expr: rate('cache_evictions_total', 'cache, reason'),
            legend: '{{cache}} {{reason}}',
            emptyUntil: 'something that is kept changes',
          },
        ],
      },
      {
        title: 'Redis',
        description: 'The 99th percentile of commands of the caches.',
        kind: 'lines',
        unit: 's',
        queries: [{ expr: quantile(0.99, 'cache_redis_seconds', 'command'), legend: '{{command}}' }],
      },
      {
        title: 'Redis left alone',
        description: '1: the caches of a gateway leave Redis alone, as it failed.',
        kind: 'lines',
        unit: 'short',
        queries: [{ expr: 'max by (instance) (cache_redis_breaker_open)', legend: '{{instance}}' }],
        bad: 1,
      },
    ],
  },
  {
    title: 'Subscriptions',
    panels: [
      {
        title: 'Connections of clients',
        description: 'WebSockets and event streams.',
        kind: 'areas',
        unit: 'short',
        queries: [
          {
            expr: 'sum by (transport) (gateway_client_connections)',
            legend: '{{transport}}',
            emptyUntil: 'a client subscribes',
          },
        ],
      },
      {
        title: 'Subscriptions',
        description: 'Of clients, and at subgraphs: equal ones of clients are one there.',
        kind: 'lines',
        unit: 'short',
        queries: [
          { expr: 'sum(gateway_subscriptions)', legend: 'clients' },
          { expr: 'sum by (subgraph) (gateway_upstream_subscriptions)', legend: '{{subgraph}}' },
        ],
      },
      {
        title: 'Events',
        description: 'From subgraphs, and to clients.',
        kind: 'lines',
        unit: 'ops',
        queries: [
          {
            expr: rate('gateway_subscription_events_received_total', 'subgraph'),
            legend: 'from {{subgraph}}',
          },
          { expr: rate('gateway_subscription_events_sent_total'), legend: 'to clients' },
        ],
      },
      {
        title: 'Filling in',
        description: 'The 99th percentile from an event to its finished result.',
        kind: 'lines',
        unit: 's',
        queries: [{ expr: quantile(0.99, 'gateway_subscription_fill_in_seconds'), legend: 'p99' }],
      },
      {
        title: 'Cut off',
        description: 'Connections and subscriptions that the gateways ended or refused, by reason.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          {
            expr: rate('gateway_subscription_drops_total', 'reason'),
            legend: '{{reason}}',
            emptyUntil: 'a client is cut off',
          },
        ],
      },
      {
        title: 'Waiting for clients',
        description: 'Bytes that clients have not read yet.',
        kind: 'lines',
        unit: 'bytes',
        queries: [{ expr: 'sum(gateway_client_buffered_bytes)', legend: 'buffered' }],
      },
    ],
  },
];
