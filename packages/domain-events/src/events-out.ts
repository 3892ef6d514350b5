import type { Logger, Registry } from '@tributary/platform';
import type { Pool } from 'pg';
import { openBroker } from './brokers/open-broker.ts';
import type { EventCatalogue } from './catalogue/event-catalogue.ts';
import { parseEventsOut } from './events-out-url.ts';
import { readBacklog } from './outbox/backlog.ts';
import { isOutboxOn, switchOutbox } from './outbox/outbox.ts';
import { openOutboxPool } from './outbox/outbox-pool.ts';
import { startRelay } from './relay/start-relay.ts';

export interface EventsOutOptions {
  /** `EVENTS_OUT`; undefined when it is unset. */
  setting: string | undefined;
  /** Region in which the service keeps personal data, for who gets its events. @default nobody says */
  region?: string | undefined;
  /** Whether this process sends, or leaves it to others. */
  sends: boolean;
  /** The service's own; undefined for one that has no events. */
  catalogue: EventCatalogue | undefined;
  /** Connection string of its database. */
  databaseUrl: string;
  logger: Logger;
  metrics: Registry;
}

/** The part of a service that tells other systems what happened. */
export interface EventsOut {
  /** For what `/health/ready` reports. @throws when events cannot be sent now */
  check?: () => Promise<void>;
  /** Ends; what is under way is waited for. */
  stop(): Promise<void>;
}

/** Does with the events of a service what the setting says, in the background. */
export function createEventsOut(options: EventsOutOptions): EventsOut {
  const { setting, region, sends, catalogue, databaseUrl, logger, metrics } = options;
  if (!sends || !catalogue) return { stop: async () => undefined };
  const target = setting === undefined ? null : parseEventsOut(setting);
  if (target === null || target.kind === 'off') {
    const done = withoutRelay(options, catalogue.service, target !== null);
    return { stop: () => done };
  }
  return startRelay({
    databaseUrl,
    service: catalogue.service,
    region,
    openBroker: () => openBroker(target, logger),
    logger,
    metrics,
  });
}

/**
 * A process without the setting may be one of many that have it, or be about to be replaced by one: only who says so ends the
 * writing of events.
 */
async function withoutRelay(
  { databaseUrl, logger }: Pick<EventsOutOptions, 'databaseUrl' | 'logger'>,
  service: string,
  endsIt: boolean,
): Promise<void> {
  const pool = openOutboxPool(databaseUrl, service, 1);
  try {
    if (endsIt) await switchOutbox(pool, false);
    else if (await isOutboxOn(pool))
      logger.warn(
        'EVENTS_OUT is not set, and events are written down: set it, or end that with EVENTS_OUT=off',
      );
    const events = endsIt ? await countEvents(pool) : 0;
    if (events > 0) logger.warn({ events }, 'EVENTS_OUT is off, and events wait that nobody will send');
  } catch (error) {
    logger.warn({ err: error }, 'whether events are written down could not be looked at');
  } finally {
    await pool.end();
  }
}

async function countEvents(pool: Pool): Promise<number> {
  const { waiting, retried, dead, held } = await readBacklog(pool);
  return waiting + retried + dead + held;
}
