import type { Logger } from '../logger.ts';
import type { Registry } from '../metrics.ts';
import { connectRedis, type Redis, whenReady } from '../redis/redis.ts';
import type { EventBus } from './event-bus.ts';
import type { Listeners } from './listeners.ts';
import { createRedisSubscriber, createSubscriberMetrics, type RedisSubscriber } from './redis-subscriber.ts';

/** Before the name of a topic, in the name of its channel. */
const PREFIX = 'tributary:events:';

export interface RedisBusOptions {
  url: string;
  listeners: Listeners;
  logger: Logger;
  metrics: Registry;
  /** Milliseconds between two looks whether what is listened to still is there. */
  heartbeat: number;
}

/**
 * A bus over Redis pub/sub, with two connections: Redis takes no other commands on one that subscribes. Also what this
 * process publishes itself comes back by Redis, so that all processes hear events in one order.
 */
export function createRedisBus(options: RedisBusOptions): EventBus {
  const { url, listeners, logger, heartbeat } = options;
  const metrics = createSubscriberMetrics(options.metrics);
  let publisher: Redis | undefined;
  let subscriber: RedisSubscriber | undefined;

  async function connected(): Promise<Redis> {
    publisher ??= connectRedis(url, logger);
    await whenReady(publisher);
    return publisher;
  }

  return {
    async publish(topic, event) {
      await (await connected()).publish(PREFIX + topic, JSON.stringify(event));
      listeners.published(topic);
    },
    subscribe(topic, listener) {
      const remove = listeners.add(topic, listener);
      subscriber ??= createRedisSubscriber({
        url,
        logger,
        metrics,
        heartbeat,
        onMessage: (channel, message) => listeners.deliver(channel.slice(PREFIX.length), message),
        onSubscribed: () => listeners.gap(),
      });
      subscriber.subscribe(PREFIX + topic);
      return remove;
    },
    async close() {
      listeners.clear();
      publisher?.disconnect();
      subscriber?.close();
    },
  };
}
