import type { Logger } from '@tributary/platform';
import type { EventsTarget } from '../events-out-url.ts';
import type { Broker } from './broker.ts';

/**
 * Connects to a broker. Only the library of this one is loaded.
 *
 * @throws when it cannot be reached, depending on the broker; otherwise the first `publish` does
 */
export async function openBroker(
  target: Exclude<EventsTarget, { kind: 'off' }>,
  logger: Logger,
): Promise<Broker> {
  switch (target.kind) {
    case 'redis':
      return (await import('./redis-streams.ts')).openRedisStreams(target, logger);
    case 'nats':
      return (await import('./nats.ts')).openNats(target);
    case 'rabbitmq':
      return (await import('./rabbitmq.ts')).openRabbitmq(target, logger);
    case 'kafka':
      return (await import('./kafka.ts')).openKafka(target);
  }
}
