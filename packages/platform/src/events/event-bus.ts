import type { Logger } from '../logger.ts';
import type { Registry } from '../metrics.ts';
import type { TraceHeaders } from '../telemetry/span.ts';
import { createListeners } from './listeners.ts';
import { createRedisBus } from './redis-bus.ts';

/** Hears of what happened. Neither function may throw; one that does is logged, and nobody else is kept from hearing. */
export interface EventListener {
  /**
   * @param event - as it was published, out of JSON; the listener checks it
   * @param trace - in which it was published; absent when that is not known
   */
  event(event: unknown, trace?: TraceHeaders): void;
  /** Events may have been missed since the last one: what they told of has to be looked up. */
  gap(): void;
}

/**
 * Tells the processes of a service what happened, those that listen at that moment. An event is ids and facts, never
 * the state of something: who hears it asks for that as whoever they ask for, and gets what is true by then.
 */
export interface EventBus {
  /**
   * Tells all listeners of a topic, in this process and the others.
   *
   * @param topic - what kind of thing happened, such as `orderStatusChanged`
   * @param event - becomes JSON
   * @throws when it cannot be told now; whoever publishes tries again
   */
  publish(topic: string, event: object): Promise<void>;
  /**
   * Listens from now on. With Redis the listener is told of a gap as soon as it really hears, and whenever it hears
   * again after an outage.
   *
   * @returns ends it
   */
  subscribe(topic: string, listener: EventListener): () => void;
  /** Ends the connections; nothing is heard any more. */
  close(): Promise<void>;
}

export interface EventBusOptions {
  /** In a form that `parseRedisUrl` reads; without it, events stay in the process. */
  url: string | undefined;
  logger: Logger;
  metrics: Registry;
  /** Milliseconds after which a Redis that says nothing is asked whether it is there. @default 5_000 */
  heartbeat?: number;
}

/** Redis pub/sub where there is a Redis, otherwise a bus within this process. Connects at the first use. */
export function createEventBus({ url, logger, metrics, heartbeat = 5_000 }: EventBusOptions): EventBus {
  const listeners = createListeners(logger, metrics);
  if (url !== undefined) return createRedisBus({ url, listeners, logger, metrics, heartbeat });
  return {
    async publish(topic, event) {
      listeners.published(topic);
      // By way of JSON, as between processes: no listener gets what another one may change.
      listeners.deliver(topic, JSON.stringify(event));
    },
    subscribe: listeners.add,
    async close() {
      listeners.clear();
    },
  };
}
