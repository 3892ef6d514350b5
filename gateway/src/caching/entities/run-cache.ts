import type { Span } from '@tributary/platform';
import type { FetchCache } from '../../execution/execution.ts';
import type { FetchAnswer, ReadyFetch } from '../../execution/plan/fetch.ts';
import type { CacheHint } from '../../transport/cache-hint.ts';
import { hintOf, limited } from '../hints.ts';
import type { Partitions } from '../partitions.ts';
import type { Recording } from '../recording.ts';
import type { CachingSettings } from '../settings.ts';
import type { CacheMetrics } from '../store/cache-metrics.ts';
import type { CacheEntry, CacheStore, Reading } from '../store/cache-store.ts';
import { type Slots, slotsOf } from './slots.ts';

/** What the fetches of one run are completed with. */
export interface RunCacheOptions {
  /** Null when entities are not kept, and only what an answer depends on is to be known. */
  store: CacheStore | null;
  settings: CachingSettings;
  partitions: Partitions;
  /** The client's variables. */
  variables: Readonly<Record<string, unknown>>;
  recording: Recording;
  metrics: Pick<CacheMetrics, 'countParts'>;
  /** Of the request; absent when it has none. */
  span?: Span | null | undefined;
  /** Told of each part that was kept, so that the answer is not kept longer. */
  restrict(hint: CacheHint): void;
}

/** A fetch, and what was found of it. */
interface Looked {
  slots: Slots;
  /** By the index of the part. */
  found: Map<number, CacheEntry>;
}

/**
 * Gives the fetches of one run what is kept of entities and root fields, and keeps what they bring.
 *
 * An answer with an error is not kept, nor what was asked for beside it.
 */
export class RunCache implements FetchCache {
  readonly #options: RunCacheOptions;

  constructor(options: RunCacheOptions) {
    this.#options = options;
  }

  complete(fetches: readonly ReadyFetch[]): (ReadyFetch | null)[] | Promise<(ReadyFetch | null)[]> {
    const { store, variables, settings } = this.#options;
    const all = fetches.map((fetch) => slotsOf(fetch, variables));
    const kept = all.filter((slots): slots is Slots => {
      if (!slots || !store) return false;
      return settings.of(slots.fetch.operation.subgraph).isOn && slots.labels.last.isKept;
    });
    const finish = (looked: ReadonlyMap<Slots, Looked>, reading: Reading | null) =>
      fetches.map((fetch, index) => {
        const slots = all[index];
        return slots ? this.#divide(looked.get(slots) ?? { slots, found: new Map() }, reading) : fetch;
      });
    if (!store || kept.length === 0) return finish(new Map(), store?.begin() ?? null);
    const inMemory = kept.map((slots) => this.#look(slots, (key) => store.peek(key)));
    if (inMemory.every(({ slots, found }) => found.size === slots.keys.length))
      return finish(new Map(inMemory.map((one) => [one.slots, one])), null);
    return this.#lookUp(store, kept).then(({ looked, reading }) => finish(looked, reading));
  }

  async #lookUp(store: CacheStore, kept: readonly Slots[]) {
    const keys = kept.flatMap((slots) =>
      slots.keys.flatMap((key) => this.#partitionsFor(slots).map((partition) => key + partition)),
    );
    const { found, reading } = await store.lookup(keys, [], this.#options.span);
    const entries = new Map(keys.map((key, index) => [key, found[index]?.entry]));
    const looked = kept.map((slots) => this.#look(slots, (key) => entries.get(key)));
    return { looked: new Map(looked.map((one) => [one.slots, one])), reading };
  }

  #look(slots: Slots, entryOf: (key: string) => CacheEntry | undefined): Looked {
    const now = Date.now();
    const found = new Map<number, CacheEntry>();
    const partitions = this.#partitionsFor(slots);
    for (const [index, key] of slots.keys.entries()) {
      for (const partition of partitions) {
        const entry = entryOf(key + partition);
        if (entry && entry.freshUntil > now) found.set(index, entry);
      }
    }
    return { slots, found };
  }

  /** Where an answer said last that it is for all, or for one, the next is looked for there. */
  #partitionsFor({ labels }: Slots): string[] {
    const { partitions } = this.#options;
    const { scope } = labels.last;
    return [
      ...(scope === 'PRIVATE' ? [] : [suffix(partitions.public)]),
      ...(scope === 'PUBLIC' || partitions.private === null ? [] : [suffix(partitions.private)]),
    ];
  }

  /** Gives a fetch what was found. @returns what is still to be asked */
  #divide({ slots, found }: Looked, reading: Reading | null): ReadyFetch | null {
    const { recording, restrict, metrics } = this.#options;
    recording.hits += found.size;
    recording.misses += slots.keys.length - found.size;
    metrics.countParts(slots.fetch.operation.subgraph, found.size, slots.keys.length - found.size);
    if (found.size > 0) {
      const now = Date.now();
      for (const { freshUntil, scope, labels } of found.values()) {
        const hint = { maxAge: (freshUntil - now) / 1_000, scope };
        recording.restrict(hint);
        restrict(hint);
        for (const label of labels) recording.labels.add(label);
      }
      slots.give(parsed(found));
    }
    const missing = [...slots.keys.keys()].filter((index) => !found.has(index));
    if (missing.length === 0) return null;
    return slots.rest(missing, (answer, values) => this.#take(slots, missing, answer, values, reading));
  }

  #take(
    slots: Slots,
    indexes: readonly number[],
    answer: FetchAnswer,
    values: readonly unknown[],
    reading: Reading | null,
  ): void {
    const { store, settings, partitions, recording } = this.#options;
    const { labels, fetch } = slots;
    const { subgraph } = fetch.operation;
    const said = answer.from ? hintOf(answer.from, subgraph, settings) : { maxAge: 0 };
    const scope = said.scope ?? (partitions.isOpaque ? 'PRIVATE' : 'PUBLIC');
    const hint = limited({ ...said, scope }, labels.types, settings.of(subgraph));
    recording.restrict(hint);
    const { tags = [], entityTags, isShared = false } = answer.from ?? {};
    recording.isShared ||= isShared;
    const partition = scope === 'PRIVATE' ? partitions.private : partitions.public;
    labels.last = { scope, isKept: hint.maxAge > 0 };
    if (hint.maxAge === 0 || partition === null || answer.errors.length > 0) return;
    const madeAt = Date.now();
    const freshUntil = madeAt + Math.min(hint.maxAge * 1_000, settings.maxAge);
    const entries = values.flatMap((value, n) => {
      if (value === undefined) return [];
      const found = new Set([...tags, ...(entityTags?.[n] ?? [])]);
      slots.read(indexes[n] ?? 0, value, found);
      for (const label of found) recording.labels.add(label);
      if (!store || !reading || isShared) return [];
      const body = Buffer.from(JSON.stringify(value));
      const entry = { body, madeAt, freshUntil, staleUntil: freshUntil, scope, labels: [...found] };
      return [{ key: (slots.keys[indexes[n] ?? 0] ?? '') + suffix(partition), entry }];
    });
    if (store && reading && entries.length > 0) store.keep(entries, reading);
  }
}

const suffix = (partition: string): string => `\n${partition}`;

/** All at once, which is faster than one by one. */
function parsed(found: ReadonlyMap<number, CacheEntry>): Map<number, unknown> {
  const values: unknown[] = JSON.parse(
    `[${[...found.values()].map(({ body }) => body.toString()).join(',')}]`,
  );
  return new Map([...found.keys()].map((index, n) => [index, values[n]]));
}
