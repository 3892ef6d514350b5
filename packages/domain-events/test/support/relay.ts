import { createLogger, createMetrics } from '@tributary/platform';
import { openBroker } from '../../src/brokers/open-broker.ts';
import { parseEventsOut } from '../../src/events-out-url.ts';
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/start-relay.ts';

export const silent = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

/** Connects to the broker that a setting names. */
export function brokerAt(setting: string): RelayOptions['openBroker'] {
  const target = parseEventsOut(setting);
  if (target.kind === 'off') throw new TypeError('no broker');
  return () => openBroker(target, silent);
}

/** A relay of the products' events that does not wait long. */
export const startTestRelay = (
  options: Pick<RelayOptions, 'databaseUrl' | 'openBroker'> & Partial<RelayOptions>,
): Relay =>
  startRelay({
    service: 'products',
    logger: silent,
    metrics: createMetrics('test'),
    interval: 10,
    batchSize: 20,
    ...options,
  });
