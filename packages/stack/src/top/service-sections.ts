import { duration, megabytes, percent, perSecond } from './figures.ts';
import type { ObservedService } from './history.ts';
import type { Period } from './period.ts';
import { uptimeOf } from './read-services.ts';
import { sumOf } from './samples.ts';
import type { Section } from './section.ts';

const LATE = 0.1; // seconds that the event loop may be late at worst

/** The processes: whether they can be reached, and what they take. */
export const serviceSection = (services: readonly ObservedService[]): Section => ({
  title: 'SERVICES',
  head: ['up', 'requests/s', 'p99', 'CPU', 'memory', 'heap', 'event loop p99'],
  rows: services.map(({ name, url, period, problem = '' }) =>
    period
      ? { cells: [name, ...processCells(period)], isBad: lagOf(period) > LATE }
      : { cells: [name === url ? url : `${name} (${url})`, `unreachable: ${problem}`], isBad: true },
  ),
});

function processCells(period: Period): string[] {
  const { now } = period;
  return [
    duration(uptimeOf(now)),
    perSecond(period.rate('http_request_duration_seconds_count')),
    duration(period.quantile('http_request_duration_seconds', 0.99)),
    percent(period.rate('process_cpu_seconds_total'), 1),
    megabytes(sumOf(now, 'process_resident_memory_bytes')),
    megabytes(sumOf(now, 'nodejs_heap_size_used_bytes')),
    duration(lagOf(period)),
  ];
}

const lagOf = ({ now }: Period): number => sumOf(now, 'nodejs_eventloop_lag_p99_seconds');

/** The pools of connections to the databases. */
export const databaseSection = (services: readonly ObservedService[]): Section => ({
  title: 'DATABASES',
  head: ['statements/s', 'p50', 'p99', 'connections busy', 'idle', 'most', 'waiting'],
  rows: services.flatMap(({ name, period }) => {
    if (!period?.now.has('db_pool_size')) return [];
    const { now } = period;
    const waiting = sumOf(now, 'db_pool_waiting');
    const cells = [
      name,
      perSecond(period.rate('db_statements_total')),
      duration(period.quantile('db_statement_duration_seconds', 0.5)),
      duration(period.quantile('db_statement_duration_seconds', 0.99)),
      String(sumOf(now, 'db_pool_connections', { state: 'busy' })),
      String(sumOf(now, 'db_pool_connections', { state: 'idle' })),
      String(sumOf(now, 'db_pool_size')),
      String(waiting),
    ];
    return [{ cells, isBad: waiting > 0 }];
  }),
});
