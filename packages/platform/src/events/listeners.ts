import type { Logger } from '../logger.ts';
import { Counter, type Registry } from '../metrics.ts';
import type { EventListener } from './event-bus.ts';

/** The listeners of one process, by topic. */
export interface Listeners {
  /** @returns takes the listener away again */
  add(topic: string, listener: EventListener): () => void;
  /** Counts an event that was sent. */
  published(topic: string): void;
  /** Tells the listeners of a topic. @param message - JSON; what is none is logged and dropped */
  deliver(topic: string, message: string): void;
  /** Tells all listeners that they may have missed something. */
  gap(): void;
  clear(): void;
}

export function createListeners(logger: Logger, metrics: Registry): Listeners {
  const byTopic = new Map<string, Set<EventListener>>();
  const events = new Counter({
    name: 'event_bus_events_total',
    help: 'Events that this process told others, and those that it heard',
    labelNames: ['topic', 'direction'],
    registers: [metrics],
  });
  const tell = (topic: string, run: (listener: EventListener) => void) => {
    for (const listener of byTopic.get(topic) ?? []) {
      try {
        run(listener);
      } catch (error) {
        logger.error({ err: error, topic }, 'a listener failed on an event');
      }
    }
  };
  return {
    add(topic, listener) {
      const listeners = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, listeners.add(listener));
      return () => void listeners.delete(listener);
    },
    published: (topic) => events.inc({ topic, direction: 'out' }),
    deliver(topic, message) {
      events.inc({ topic, direction: 'in' });
      const event = parse(message);
      if (event === undefined) logger.warn({ topic }, 'an event that is not JSON was dropped');
      else tell(topic, (listener) => listener.event(event));
    },
    gap() {
      for (const topic of byTopic.keys()) tell(topic, (listener) => listener.gap());
    },
    clear: () => byTopic.clear(),
  };
}

/** @returns undefined for what is not JSON, which has no such value */
function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
