import { Counter, Gauge, type Logger, type Registry } from '@tributary/platform';
import type { Pool } from 'pg';
import { type Backlog, readBacklog } from '../outbox/backlog.ts';

/** What became of sending an event. */
export type SendOutcome = 'sent' | 'failed' | 'refused';

/** Counts what a relay sends; what waits is looked up when the metrics are asked for. */
export interface RelayMetrics {
  /** @param types - of the events, without the prefix */
  count(types: readonly string[], outcome: SendOutcome): void;
}

/** @param lookUp - what waits; null while that cannot be said */
export function createRelayMetrics(registry: Registry, lookUp: () => Promise<Backlog | null>): RelayMetrics {
  const published = new Counter({
    name: 'domain_events_published_total',
    help: 'Events that this process sent to the broker, failed to, or that the broker refused; all but the sent are tried again',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  /** All figures are asked for at once, and looked up once. */
  let underWay: Promise<Backlog | null> | null = null;
  const backlog = () => {
    underWay ??= lookUp().finally(() => {
      underWay = null;
    });
    return underWay;
  };
  const gauge = (name: string, help: string, figureOf: (found: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const found = await backlog();
        if (found) this.set(figureOf(found));
        else this.remove();
      },
    });
  gauge('domain_events_waiting', 'Events that wait to be sent', ({ waiting }) => waiting);
  gauge(
    'domain_events_oldest_seconds',
    'Age of the oldest event that waits to be sent',
    ({ oldestSeconds }) => oldestSeconds,
  );
  gauge(
    'domain_events_retried',
    'Events that the broker refused and that are tried again; others go on',
    ({ retried }) => retried,
  );
  gauge(
    'domain_events_dead',
    'Events that the broker refused as often as they are tried: npm run events -- list',
    ({ dead }) => dead,
  );
  gauge('domain_events_held', 'Events that wait behind a refused one of the same entity', ({ held }) => held);
  return {
    count(types, outcome) {
      for (const type of types) published.inc({ type, outcome });
    },
  };
}

/** What waits in the outbox. Metrics are answered without that while the database is away. */
export async function lookAtOutbox(pool: Pool, logger: Logger): Promise<Backlog | null> {
  try {
    return await readBacklog(pool);
  } catch (error) {
    logger.warn({ err: error }, 'the events that wait could not be counted');
    return null;
  }
}
