import { duration, megabytes, percent, perSecond } from './figures.ts';
import type { Period } from './period.ts';
import { samplesOf, sumOf, valuesOf } from './samples.ts';
import type { Row, Section } from './section.ts';

const OPERATIONS = 'gateway_operation_duration_seconds';
const SUBGRAPHS = 'gateway_subgraph_request_duration_seconds';

/** The operations, those that take most of the time first. */
export function operationSection(gateway: Period): Section {
  const all = gateway.increase(`${OPERATIONS}_sum`);
  const kinds = new Map(
    samplesOf(gateway.now, `${OPERATIONS}_count`).map(({ labels: { type = '', operation = '' } }) => [
      `${type} ${operation}`,
      { type, operation },
    ]),
  );
  const rows = [...kinds].map(([name, labels]) => {
    const time = gateway.increase(`${OPERATIONS}_sum`, labels);
    const count = gateway.increase(`${OPERATIONS}_count`, labels);
    const errors = gateway.increase(`${OPERATIONS}_count`, { ...labels, outcome: 'error' });
    return {
      time,
      row: rowOf(gateway, { name, histogram: OPERATIONS, labels, count, errors, share: percent(time, all) }),
    };
  });
  return {
    title: 'OPERATIONS',
    head: ['per s', 'errors', 'p50', 'p99', 'of the time'],
    rows: rows
      .filter(({ row }) => row.cells[1] !== '0')
      .sort((a, b) => b.time - a.time)
      .map(({ row }) => row),
  };
}

interface Measured {
  name: string;
  histogram: string;
  labels: Readonly<Record<string, string>>;
  count: number;
  errors: number;
  share: string;
}

function rowOf(period: Period, { name, histogram, labels, count, errors, share }: Measured): Row {
  return {
    cells: [
      name,
      perSecond(period.length > 0 ? count / period.length : 0),
      percent(errors, count),
      duration(period.quantile(histogram, 0.5, labels)),
      duration(period.quantile(histogram, 0.99, labels)),
      share,
    ],
    isBad: errors > 0,
  };
}

/** How the subgraphs are asked. */
export function subgraphSection(gateway: Period): Section {
  const { now } = gateway;
  const names = new Set([
    ...valuesOf(now, 'gateway_subgraph_pool_waiting', 'subgraph'),
    ...valuesOf(now, `${SUBGRAPHS}_count`, 'subgraph'),
  ]);
  const breakerOf = (subgraph: string) =>
    samplesOf(now, 'gateway_subgraph_breaker_state', { subgraph }).find(({ value }) => value === 1)?.labels
      .state ?? 'off';
  return {
    title: 'SUBGRAPHS',
    head: ['breaker', 'per s', 'failed', 'p50', 'p99', 'connections busy', 'idle', 'waiting'],
    rows: [...names].map((subgraph) => {
      const breaker = breakerOf(subgraph);
      const count = gateway.increase(`${SUBGRAPHS}_count`, { subgraph });
      const ok = gateway.increase(`${SUBGRAPHS}_count`, { subgraph, outcome: 'ok' });
      const connections = (state: string) =>
        String(sumOf(now, 'gateway_subgraph_pool_connections', { subgraph, state }));
      return {
        cells: [
          subgraph,
          breaker,
          perSecond(gateway.length > 0 ? count / gateway.length : 0),
          percent(count - ok, count),
          duration(gateway.quantile(SUBGRAPHS, 0.5, { subgraph })),
          duration(gateway.quantile(SUBGRAPHS, 0.99, { subgraph })),
          connections('busy'),
          connections('idle'),
          String(sumOf(now, 'gateway_subgraph_pool_waiting', { subgraph })),
        ],
        isBad: breaker === 'open' || breaker === 'half-open',
      };
    }),
  };
}

/** What need not be done again. */
export function cacheSection(gateway: Period): Section {
  const { now } = gateway;
  const requests = 'cache_requests_total';
  const kept = valuesOf(now, requests, 'cache').map((cache) => {
    const looked = (layer: string, result: string) => gateway.increase(requests, { cache, layer, result });
    const layer = (name: string) => percent(looked(name, 'hit'), looked(name, 'hit') + looked(name, 'miss'));
    const all = looked('memory', 'hit') + looked('memory', 'miss');
    const found = looked('memory', 'hit') + looked('redis', 'hit');
    return [
      cache,
      percent(found, all),
      layer('memory'),
      layer('redis'),
      megabytes(sumOf(now, 'cache_bytes', { cache })),
    ];
  });
  const compiled = (outcome: string) => gateway.increase('gateway_operation_cache_total', { outcome });
  const operations = [
    'compiled operations',
    percent(compiled('hit'), compiled('hit') + compiled('miss')),
    '',
    '',
    `${sumOf(now, 'gateway_operation_cache_operations')} operations`,
  ];
  return {
    title: 'CACHES',
    head: ['hits', 'in memory', 'in Redis', 'size'],
    rows: [...kept, operations].map((cells) => ({ cells })),
  };
}

/** Who is connected, and what had to be refused. */
export function clientSection(gateway: Period): Section {
  const { now } = gateway;
  const shed = gateway.rate('gateway_requests_shed_total');
  const connections = (transport: string) => String(sumOf(now, 'gateway_client_connections', { transport }));
  return {
    title: 'CLIENTS',
    head: ['event streams', 'subscriptions', 'events/s', 'in flight', 'waiting', 'refused/s'],
    rows: [
      {
        cells: [
          `${connections('websocket')} WebSockets`,
          connections('event-stream'),
          String(sumOf(now, 'gateway_subscriptions')),
          perSecond(gateway.rate('gateway_subscription_events_sent_total')),
          String(sumOf(now, 'gateway_operations_in_flight')),
          String(sumOf(now, 'gateway_operations_waiting')),
          perSecond(shed),
        ],
        isBad: shed > 0,
      },
    ],
  };
}
