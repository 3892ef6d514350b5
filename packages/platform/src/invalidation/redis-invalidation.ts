import type { Redis } from '../redis/redis.ts';
import { defineScript } from '../redis/script.ts';
import { INVALIDATE, type InvalidationRecord } from './invalidation-record.ts';

/** How many labels are recorded in one go, so that Redis does nothing else for a millisecond at most. */
const LABELS_AT_ONCE = 500;

/** What gateways are told over the channel of the record, as JSON. */
export interface ChangeMessage {
  /** Invalidated. */
  labels?: readonly string[];
  /** Set for so many milliseconds. */
  marks?: readonly string[];
  ms?: number;
}

/**
 * Records labels as invalidated and tells the gateways.
 *
 * @returns a function that throws when a part of Redis was not told
 */
export function redisInvalidation(
  redis: Redis,
  { keys, channel }: InvalidationRecord,
): (labels: readonly string[]) => Promise<void> {
  const record = defineScript(redis, 'tributaryInvalidate', INVALIDATE);
  return async (labels) => {
    for (let start = 0; start < labels.length; start += LABELS_AT_ONCE) {
      const part = labels.slice(start, start + LABELS_AT_ONCE);
      const message: ChangeMessage = { labels: part };
      // Each partition tells of it: with the first one, gateways would ask one again that does not know of it yet.
      await Promise.all(keys.map((key) => record(key, channel, JSON.stringify(message), ...part)));
    }
  };
}
