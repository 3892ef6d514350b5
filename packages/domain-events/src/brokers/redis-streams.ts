import { connectRedis, type Logger, whenReady } from '@tributary/platform';
import type { EventsTarget } from '../events-out-url.ts';
import type { Broker } from './broker.ts';

const COMMAND_TIMEOUT = 5_000; // 5 seconds

/**
 * Adds events to one Redis stream, which is cut to its length now and then, the oldest entries first. Nothing that Redis
 * refuses is about one event: no memory, no right to write, another type of key. All events wait until that is mended.
 */
export async function openRedisStreams(
  { url, stream, maxLength }: Extract<EventsTarget, { kind: 'redis' }>,
  logger: Logger,
): Promise<Broker> {
  // The relay tells of what fails.
  const redis = connectRedis(url, logger.child({}, { level: 'silent' }), { commandTimeout: COMMAND_TIMEOUT });
  return {
    async publish(events) {
      await whenReady(redis);
      await Promise.all(
        events.map((event) =>
          redis.xadd(
            stream,
            'MAXLEN',
            '~',
            maxLength,
            '*',
            'id',
            event.id,
            'type',
            event.type,
            'cloudevent',
            JSON.stringify(event),
          ),
        ),
      );
      return [];
    },
    async close() {
      redis.disconnect();
    },
  };
}
