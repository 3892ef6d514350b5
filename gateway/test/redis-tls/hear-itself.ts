import { createEventBus, createLogger, createMetrics } from '@tributary/platform';

/** Tells itself something over the bus of `REDIS_URL`, prints what it hears of it, and ends: for a test of TLS. */
const logger = createLogger({ name: 'fixture', LOG_LEVEL: 'warn', NODE_ENV: 'production' });
const bus = createEventBus({ url: process.env.REDIS_URL, logger, metrics: createMetrics('test') });
bus.subscribe('things', {
  // It hears by now, so that it hears what it says.
  gap: () => void bus.publish('things', { id: 1 }),
  event(event) {
    process.stdout.write(`heard ${JSON.stringify(event)}\n`);
    void bus.close();
  },
});
