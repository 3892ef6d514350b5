import {
  createEventBus,
  createLogger,
  createMetrics,
  type EventBus,
  type Registry,
} from '@tributary/platform';

/** A bus, what a listener on the topic `things` heard on it, and its metrics. */
export interface TestBus {
  bus: EventBus;
  /** Events, and `gap` for each gap. */
  heard: unknown[];
  metrics: Registry;
  /** Waits until so many things were heard. */
  hears(count: number): Promise<unknown[]>;
}

const buses: EventBus[] = [];

/**
 * @param url - of a Redis; undefined for a bus within the process
 * @param heartbeat - milliseconds between two looks whether Redis is there; @default as in production
 */
export function openBus(url: string | undefined, heartbeat?: number): TestBus {
  const metrics = createMetrics('test');
  const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const bus = createEventBus({ url, logger, metrics, ...(heartbeat !== undefined && { heartbeat }) });
  buses.push(bus);
  const heard: unknown[] = [];
  let wake: () => void = () => undefined;
  const note = (what: unknown) => {
    heard.push(what);
    wake();
  };
  bus.subscribe('things', { event: note, gap: () => note('gap') });
  return {
    bus,
    heard,
    metrics,
    async hears(count) {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard;
    },
  };
}

/** Closes all of them. */
export async function closeBuses(): Promise<void> {
  for (const bus of buses.splice(0)) await bus.close();
}
