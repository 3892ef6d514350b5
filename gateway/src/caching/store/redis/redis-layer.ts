import {
  type ChangeMessage,
  connectRedis,
  defineScript,
  errorTypeOf,
  type InvalidationRecord,
  type Logger,
  type Redis,
  redisInvalidation,
  type Span,
  type SpanOptions,
  whenReady,
} from '@tributary/platform';
import type { CacheMetrics } from '../cache-metrics.ts';
import type { CacheEntry } from '../cache-store.ts';
import { endOf } from '../memory-layer.ts';
import { batchesOf, type EntryToKeep } from './batches.ts';
import { Breaker } from './breaker.ts';
import { decodeEntry } from './entry-format.ts';
import { KEEP, LOOKUP } from './scripts.ts';
import { timed } from './timed.ts';

/** When a reading began, by the record of each partition that was asked. */
export type RecordedAt = ReadonlyMap<string, { generation: string; begun: string }>;

/** What Redis knows. */
export interface RedisAnswer {
  /** In the order of the keys. */
  entries: (CacheEntry | undefined)[];
  marked: boolean;
  at: RecordedAt;
}

export interface RedisLayerOptions {
  url: string;
  record: InvalidationRecord;
  logger: Logger;
  metrics: CacheMetrics;
  /** The record is another one than before: invalidations may have been missed. */
  onNewRecord(): void;
}

/** Of those that nobody waits for; what a request waits for is given up sooner, see `timed`. */
const COMMAND_TIMEOUT = 2_000; // 2 seconds

/** Entries in Redis, for all gateways. Requests wait for it 100 ms at most, and not at all while it fails. */
export class RedisLayer {
  readonly #options: RedisLayerOptions;
  readonly #redis: Redis;
  readonly #lookup;
  readonly #keep;
  readonly #invalidate;
  readonly #breaker: Breaker;
  readonly #generations = new Map<string, string>();

  constructor(options: RedisLayerOptions) {
    const { url, logger, metrics, record } = options;
    this.#options = options;
    this.#redis = connectRedis(url, logger, { commandTimeout: COMMAND_TIMEOUT });
    this.#lookup = defineScript(this.#redis, 'tributaryLookup', LOOKUP);
    this.#keep = defineScript(this.#redis, 'tributaryKeep', KEEP);
    this.#invalidate = redisInvalidation(this.#redis, record);
    this.#breaker = new Breaker({
      probe: () => Promise.all(record.keys.map((key) => timed(metrics, 'probe', this.#lookup(key, '0')))),
      onChange: (open) => metrics.setBreakerOpen(open),
    });
    this.#redis.on('ready', () => void this.#breaker.probe());
  }

  /** @returns undefined while Redis cannot be asked */
  async lookup(
    keys: readonly string[],
    marks: readonly string[],
    parent?: Span | null,
  ): Promise<RedisAnswer | undefined> {
    if (this.#breaker.open) return undefined;
    const { record } = this.#options;
    const span = parent?.child('redis lookup', redisSpan(keys.length + marks.length));
    const partitions = [...new Set([...keys, ...marks].map(record.keyFor))];
    try {
      const parts = await Promise.all(
        partitions.map((partition) => {
          const own = (name: string) => record.keyFor(name) === partition;
          return this.#lookupIn(partition, keys.filter(own), marks.filter(own));
        }),
      );
      const entries = new Map(parts.flatMap((part) => [...part.entries]));
      return {
        entries: keys.map((key) => entries.get(key)),
        marked: parts.some(({ marked }) => marked),
        at: new Map(
          parts.map(({ generation, begun }, index) => [partitions[index] as string, { generation, begun }]),
        ),
      };
    } catch (error) {
      span?.fail(errorTypeOf(error));
      this.#breaker.trip();
      return undefined;
    } finally {
      span?.end();
    }
  }

  /** Keeps what belongs to a partition that was asked when its reading began. In the background; never throws. */
  keep(entries: readonly EntryToKeep[], at: RecordedAt): void {
    if (this.#breaker.open) return;
    for (const [partition, { generation, begun }] of at) {
      const own = entries.filter(({ key }) => this.#options.record.keyFor(key) === partition);
      for (const batch of batchesOf(own, begun))
        void timed(this.#options.metrics, 'keep', this.#keep(partition, generation, ...batch)).catch(
          (error: Error) => {
            // A full Redis that drops nothing still answers what it has.
            if (!error.message.startsWith('OOM')) this.#breaker.trip();
          },
        );
    }
  }

  /** Sets marks and tells the gateways. Never throws: a mark that Redis does not know is known in this process. */
  async mark(names: readonly string[], ms: number, parent?: Span | null): Promise<void> {
    if (this.#breaker.open) return;
    const span = parent?.child('redis mark', redisSpan(names.length));
    const { record, metrics } = this.#options;
    const message: ChangeMessage = { marks: names, ms };
    const commands = [
      ...names.map((name) => this.#redis.set(`${record.keyFor(name)}:mark:${name}`, '1', 'PX', ms)),
      this.#redis.publish(record.channel, JSON.stringify(message)),
    ];
    await timed(metrics, 'mark', Promise.all(commands)).catch((error: unknown) => {
      span?.fail(errorTypeOf(error));
      this.#breaker.trip();
    });
    span?.end();
  }

  /** @throws when it cannot be recorded */
  async invalidate(labels: readonly string[]): Promise<void> {
    await whenReady(this.#redis);
    await this.#invalidate(labels);
  }

  close(): void {
    this.#breaker.close();
    this.#redis.disconnect();
  }

  async #lookupIn(partition: string, keys: readonly string[], marks: readonly string[]) {
    const asked = this.#lookup(partition, String(marks.length), ...marks, ...keys);
    const [generation, begun, marked, ...values] = (await timed(this.#options.metrics, 'lookup', asked)) as [
      Buffer,
      Buffer,
      number,
      ...(Buffer | null)[],
    ];
    this.#note(partition, generation.toString());
    const entries = keys.map((key, index) => {
      const value = values[index];
      const entry = value ? decodeEntry(value) : undefined;
      return [key, entry && endOf(entry) > Date.now() ? entry : undefined] as const;
    });
    return { generation: generation.toString(), begun: begun.toString(), marked: marked === 1, entries };
  }

  #note(partition: string, generation: string): void {
    const known = this.#generations.get(partition);
    this.#generations.set(partition, generation);
    if (known !== undefined && known !== generation) this.#options.onNewRecord();
  }
}

/** @param keys - how many are asked for; what they are called may tell of a person */
const redisSpan = (keys: number): SpanOptions => ({
  kind: 'client',
  attributes: { 'db.system.name': 'redis', 'tributary.redis.keys': keys },
});
