import type { CacheEntry } from '../cache-store.ts';
import { endOf } from '../memory-layer.ts';
import { encodeEntry } from './entry-format.ts';

/** An entry under its key in Redis. */
export interface EntryToKeep {
  key: string;
  entry: CacheEntry;
}

/** Bytes that are sent in one go, so that Redis does nothing else for a few milliseconds at most. */
const BYTES_AT_ONCE = 1_000_000;

/**
 * The arguments of the calls that keep these entries. What is over already is left out, and what is larger than a
 * megabyte: other requests would wait for it.
 */
export function* batchesOf(entries: readonly EntryToKeep[], begun: string): Generator<(string | Buffer)[]> {
  let batch: (string | Buffer)[] = [];
  let bytes = 0;
  for (const { key, entry } of entries) {
    const left = Math.ceil(endOf(entry) - Date.now());
    const value = encodeEntry(entry, begun);
    if (left <= 0 || value.byteLength > BYTES_AT_ONCE) continue;
    if (bytes + value.byteLength > BYTES_AT_ONCE) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(key, String(left), value);
    bytes += value.byteLength;
  }
  if (batch.length > 0) yield batch;
}
