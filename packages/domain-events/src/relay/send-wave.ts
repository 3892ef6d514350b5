import type { Broker } from '../brokers/broker.ts';
import { toCloudEvent } from '../cloud-event.ts';
import type { OutboxRow } from '../outbox/outbox.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import type { SendWave } from './send-batch.ts';

/**
 * Sends waves to a broker, and counts what becomes of their events. A broker that takes none, and refuses several that it never
 * refused before, has something against us, and not against each of them: that is a failure, after which all of them wait.
 *
 * @param source - whose outbox it is, and the region in which it keeps personal data
 */
export const sendWavesTo =
  (
    broker: Broker,
    { service, region }: { service: string; region?: string | undefined },
    { count }: RelayMetrics,
  ): SendWave =>
  async (wave) => {
    const refused = await publish().catch((error: unknown) => {
      count(typesOf(wave), 'failed');
      throw error;
    });
    const isRefused = new Set(refused.map(({ row }) => row));
    count(typesOf(wave.filter((row) => !isRefused.has(row))), 'sent');
    count(typesOf([...isRefused]), 'refused');
    return refused;

    async function publish() {
      const rows = new Map(wave.map((row) => [toCloudEvent(service, row, region), row]));
      const refusals = await broker.publish([...rows.keys()]);
      const [first] = refusals;
      const isNew = ({ refusals: before }: OutboxRow) => before === 0;
      if (first && refusals.length === wave.length && wave.filter(isNew).length > 1)
        throw new Error(`the broker refuses every event: ${first.reason}`);
      return refusals.flatMap(({ event, reason }) => {
        const row = rows.get(event);
        return row ? [{ row, reason }] : [];
      });
    }
  };

const typesOf = (rows: readonly OutboxRow[]): string[] => rows.map(({ type }) => type);
