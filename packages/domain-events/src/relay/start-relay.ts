import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Registry } from '@tributary/platform';
import type { Broker } from '../brokers/broker.ts';
import { switchOutbox } from '../outbox/outbox.ts';
import { openOutboxPool } from '../outbox/outbox-pool.ts';
import type { NotedRefusal, RetryLimits } from '../outbox/refusals.ts';
import { connectWhenNeeded } from './connect-when-needed.ts';
import { createRelayMetrics, lookAtOutbox } from './relay-metrics.ts';
import { sendBatch } from './send-batch.ts';
import { sendWavesTo } from './send-wave.ts';

export interface RelayOptions {
  /** Connection string of the database that has the outbox. */
  databaseUrl: string;
  /** The service whose database it is. */
  service: string;
  /** Region in which it keeps personal data. @default nobody says */
  region?: string | undefined;
  /** Connects to the broker. */
  openBroker(): Promise<Broker>;
  logger: Logger;
  metrics: Registry;
  /** Milliseconds between two looks at an empty outbox. @default 250 */
  interval?: number;
  /** Events in a transaction at most. @default 500 */
  batchSize?: number;
  /** How often an event is tried that the broker refuses. @default ten times, in about nine minutes */
  limits?: RetryLimits;
}

/** Sends what is in an outbox. */
export interface Relay {
  /** @throws when events could not be sent at the last try */
  check(): Promise<void>;
  /** Sends no more, and ends; what is under way is waited for. */
  stop(): Promise<void>;
}

const INTERVAL = 250; // ms
const LONGEST_PAUSE = 10_000; // 10 seconds between two tries
const LIMITS: RetryLimits = { most: 10, pause: 1_000 };
const CONNECTIONS = 2; // one that sends, one for the metrics

/**
 * Sends events to the broker until it is stopped. In any number of processes: one of them sends at a time. It outlives
 * outages of the broker and of the database, and has events written down from its start on.
 */
export function startRelay(options: RelayOptions): Relay {
  const { service, region, logger, metrics, interval = INTERVAL, batchSize, limits = LIMITS } = options;
  const pool = openOutboxPool(options.databaseUrl, service, CONNECTIONS);
  const broker = connectWhenNeeded(options.openBroker);
  const relayMetrics = createRelayMetrics(metrics, () => lookAtOutbox(pool, logger));
  const sendWave = sendWavesTo(broker, { service, region }, relayMetrics);
  const onRefused = (refused: readonly NotedRefusal[]) => tellOfRefusals(refused, service, logger);
  const stopping = new AbortController();
  const { signal } = stopping;
  let isOn = false;
  let failures = 0;
  let failure: Error | null = null;

  const send = async () => {
    if (!isOn) await switchOutbox(pool, true);
    isOn = true;
    return sendBatch(pool, sendWave, { batchSize, signal, limits, onRefused });
  };
  /** @returns milliseconds until the next time */
  const turn = async (): Promise<number> => {
    try {
      const isMore = await send();
      if (failure) logger.info('events are sent again');
      [failures, failure] = [0, null];
      return isMore ? 0 : interval;
    } catch (error) {
      // Its message only: some libraries put addresses with passwords into the rest.
      const reason = error instanceof Error ? error.message : String(error);
      if (!failure) logger.warn({ reason }, 'events cannot be sent; they wait, and are tried again');
      failure = new Error(reason);
      failures++;
      return Math.min(interval * 2 ** failures, LONGEST_PAUSE);
    }
  };
  const running = (async () => {
    while (!signal.aborted) {
      const pause = await turn();
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    await broker.close();
    await pool.end();
  })();

  return {
    async check() {
      if (failure) throw failure;
    },
    stop() {
      stopping.abort();
      return running;
    },
  };
}

function tellOfRefusals(refused: readonly NotedRefusal[], service: string, logger: Logger): void {
  for (const { row, reason, refusals, isDead } of refused) {
    const line = { event: `${service}:${row.id}`, eventId: row.eventId, type: row.type, refusals, reason };
    if (isDead)
      logger.error(
        line,
        'an event is dead, and later ones of its entity wait; npm run events -- retry, or drop, ends that',
      );
    else logger.warn(line, 'the broker refuses an event; it is tried again, and others go on');
  }
}
