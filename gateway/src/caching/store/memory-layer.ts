import { LRUCache } from 'lru-cache';
import type { CacheMetrics, EvictionReason } from './cache-metrics.ts';
import type { CacheEntry } from './cache-store.ts';
import { LabelIndex } from './label-index.ts';
import { RecentInvalidations } from './recent-invalidations.ts';

/** What an entry takes beside its body and its texts: measured objects, maps and buffers. */
const BYTES_PER_ENTRY = 500;
/** What a label takes in the index, at most: when no other entry has it. */
const BYTES_PER_LABEL = 300;
/** V8 keeps a character in one byte or two. */
const BYTES_PER_CHARACTER = 2;

/** Entries of one cache in this process, up to a number of bytes; those used longest ago go first. */
export class MemoryLayer {
  readonly #entries: LRUCache<string, CacheEntry>;
  readonly #index = new LabelIndex();
  readonly #recent = new RecentInvalidations();
  #dropping: EvictionReason = 'size';
  #closed = false;

  /**
   * @param cache - its name in the metrics
   * @param maxBytes - about how many bytes it takes
   */
  constructor(cache: string, maxBytes: number, metrics: CacheMetrics) {
    this.#entries = new LRUCache<string, CacheEntry>({
      maxSize: maxBytes,
      sizeCalculation: (entry, key) => sizeOf(key, entry),
      dispose: ({ labels }, key, reason) => {
        this.#index.remove(key, labels);
        if (reason !== 'set') metrics.countEviction(cache, this.#dropping);
      },
    });
    metrics.trackBytes(cache, () => this.#entries.calculatedSize);
  }

  /** The present, for a reading that begins. */
  get now(): number {
    return this.#recent.now;
  }

  get(key: string): CacheEntry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || endOf(entry) > Date.now()) return entry;
    this.#drop([key], 'expired');
    return undefined;
  }

  /** @param since - when its reading began */
  keep(key: string, entry: CacheEntry, since: number): void {
    if (this.#closed || endOf(entry) <= Date.now() || !this.#recent.stillTrue(entry.labels, since)) return;
    this.#entries.set(key, { ...entry, body: ownBytes(entry.body) });
    // What is too large for all of it was not taken, and one that was there before is gone.
    if (this.#entries.has(key)) this.#index.add(key, entry.labels);
  }

  invalidate(labels: readonly string[]): void {
    this.#recent.note(labels);
    for (const label of labels) this.#drop(this.#index.keysOf(label), 'invalidated');
  }

  /** Drops everything, also what is being read: invalidations may have been missed. */
  empty(): void {
    this.#recent.forget();
    this.#drop([...this.#entries.keys()], 'gap');
  }

  /** Drops everything, and keeps nothing from now on. */
  close(): void {
    this.#closed = true;
    this.empty();
  }

  #drop(keys: readonly string[], reason: EvictionReason): void {
    this.#dropping = reason;
    for (const key of keys) this.#entries.delete(key);
    this.#dropping = 'size';
  }
}

/** When nobody may be given it any more. */
export const endOf = ({ freshUntil, staleUntil }: CacheEntry): number => Math.max(freshUntil, staleUntil);

/** A slice of a larger buffer, such as what came from a socket, would keep all of that in memory. */
function ownBytes(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.byteLength) return body;
  const own = Buffer.allocUnsafeSlow(body.byteLength);
  body.copy(own);
  return own;
}

const sizeOf = (key: string, { body, labels }: CacheEntry): number =>
  BYTES_PER_ENTRY +
  body.byteLength +
  key.length * BYTES_PER_CHARACTER +
  labels.reduce((sum, label) => sum + BYTES_PER_LABEL + label.length * BYTES_PER_CHARACTER, 0);
