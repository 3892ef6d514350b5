import { once } from 'node:events';
import { connectRedis, type Logger, type Redis } from '@tributary/platform';
import { type EventPublisher, ORDER_STATUS_CHANGED } from './event-publisher.ts';

/** An `EventPublisher` that has a connection. */
export interface RedisPublisher extends EventPublisher {
  close(): Promise<void>;
}

const CONNECT_TIMEOUT = 2_000; // 2 seconds

/**
 * Tells those who listen to Redis at that moment. The connection is made with the first event.
 *
 * @param url - `redis://[:password@]host:port[/database]`
 */
export function createRedisPublisher(url: string, logger: Logger): RedisPublisher {
  let redis: Redis | undefined;

  async function connected(): Promise<Redis> {
    redis ??= connectRedis(url, logger);
    if (redis.status !== 'ready')
      await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
    return redis;
  }

  return {
    async orderStatusChanged(event) {
      const message = JSON.stringify({ type: 'orderStatusChanged', ...event });
      await (await connected()).publish(ORDER_STATUS_CHANGED, message);
    },
    async close() {
      redis?.disconnect();
    },
  };
}
