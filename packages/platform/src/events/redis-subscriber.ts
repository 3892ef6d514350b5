import type { Logger } from '../logger.ts';
import { Counter, Gauge, type Registry } from '../metrics.ts';
import { connectRedisSubscriber } from '../redis/redis.ts';

/** A connection that listens to channels of Redis for as long as it is not closed. */
export interface RedisSubscriber {
  /** Listens to a channel from now on, and after each outage again. */
  subscribe(channel: string): void;
  close(): void;
}

/** What is measured of the connection. */
export interface SubscriberMetrics {
  connected: Gauge;
  resubscriptions: Counter;
}

/** Registers the figures; who listens to nothing says nothing of being connected. */
export function createSubscriberMetrics(registry: Registry): SubscriberMetrics {
  const connected = new Gauge({
    name: 'event_bus_connected',
    help: 'Whether this process hears events from Redis: 1 or 0; absent while it listens to none',
    registers: [registry],
  });
  connected.remove();
  const resubscriptions = new Counter({
    name: 'event_bus_resubscriptions_total',
    help: 'Times that this process listens to Redis again after it did not; events in between were missed',
    registers: [registry],
  });
  return { connected, resubscriptions };
}

export interface RedisSubscriberOptions {
  url: string;
  logger: Logger;
  metrics: SubscriberMetrics;
  /** Milliseconds between two looks whether the connection still is one: a dead peer sends nothing, as does a calm one. */
  heartbeat: number;
  onMessage(channel: string, message: string): void;
  /** All channels are listened to; what was published before may have been missed. */
  onSubscribed(): void;
}

/** Connects, and comes back by itself. Every return is in the log and the metrics. */
export function createRedisSubscriber(options: RedisSubscriberOptions): RedisSubscriber {
  const { url, logger, metrics, heartbeat, onMessage, onSubscribed } = options;
  const { connected, resubscriptions } = metrics;
  connected.set(0);
  const channels = new Set<string>();
  // Done here, to know when it is: what is published before that is missed.
  const redis = connectRedisSubscriber(url, logger);
  let wasConnected = false;

  async function listen(): Promise<void> {
    if (redis.status !== 'ready' || channels.size === 0) return;
    try {
      await redis.subscribe(...channels);
    } catch (error) {
      if (redis.status !== 'ready') return; // it comes back, and this is done again
      logger.warn({ reason: reasonOf(error) }, 'Redis takes no subscriptions to events; connecting anew');
      redis.disconnect(true);
      return;
    }
    if (wasConnected) {
      resubscriptions.inc();
      logger.info('listening to events from Redis again; some may have been missed');
    }
    wasConnected = true;
    connected.set(1);
    onSubscribed();
  }

  redis.on('message', onMessage);
  redis.on('ready', () => void listen());
  redis.on('close', () => connected.set(0));
  const timer = setInterval(() => {
    if (redis.status !== 'ready') return;
    redis.ping().catch((error: unknown) => {
      if (redis.status !== 'ready') return;
      logger.warn({ reason: reasonOf(error) }, 'Redis is silent; connecting anew');
      redis.disconnect(true);
    });
  }, heartbeat);
  timer.unref();

  return {
    subscribe(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      void listen();
    },
    close() {
      clearInterval(timer);
      redis.disconnect();
    },
  };
}

/** Not the error itself, which has the refused command with it. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
