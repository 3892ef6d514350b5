import { Counter, Gauge, Histogram, type Registry } from '@tributary/platform';

/** Why an entry left memory. */
export type EvictionReason = 'size' | 'expired' | 'invalidated' | 'gap';

/** What the caches measure of themselves. */
export interface CacheMetrics {
  /** An entry was looked for in a layer. */
  countRequest(cache: string, layer: 'memory' | 'redis', result: 'hit' | 'miss'): void;
  /** A query was answered. @param state - how much of the answer was there already */
  countAnswer(state: 'hit' | 'partial' | 'miss'): void;
  /** A fetch was looked for. @param kept - entities and root fields that were there; `missing` ones were not */
  countParts(subgraph: string, kept: number, missing: number): void;
  /** An entry left memory. */
  countEviction(cache: string, reason: EvictionReason): void;
  /** @param bytes - asked whenever the figures are read */
  trackBytes(cache: string, bytes: () => number): void;
  /** @param seconds - from the command to its answer or its failure */
  observeRedis(command: string, outcome: 'ok' | 'error', seconds: number): void;
  /** Whether Redis is left alone for now. */
  setBreakerOpen(open: boolean): void;
}

/** Registers the figures of the caches. */
export function createCacheMetrics(registry: Registry): CacheMetrics {
  const sizes = new Map<string, () => number>();
  const requests = new Counter({
    name: 'cache_requests_total',
    help: 'Look-ups of an entry, by cache and layer; Redis is asked for what memory lacks',
    labelNames: ['cache', 'layer', 'result'],
    registers: [registry],
  });
  const answers = new Counter({
    name: 'cache_answers_total',
    help: 'Answers to queries, by how much of them was there already: all (hit), some (partial) or nothing (miss)',
    labelNames: ['state'],
    registers: [registry],
  });
  const parts = new Counter({
    name: 'cache_parts_total',
    help: 'Entities and root fields that were asked for, by subgraph, and whether they were there (hit) or not (miss)',
    labelNames: ['subgraph', 'result'],
    registers: [registry],
  });
  const evictions = new Counter({
    name: 'cache_evictions_total',
    help: 'Entries that left memory: for want of space, expired, invalidated, or since invalidations may have been missed (gap)',
    labelNames: ['cache', 'reason'],
    registers: [registry],
  });
  new Gauge({
    name: 'cache_bytes',
    help: 'About how many bytes the entries in memory take',
    labelNames: ['cache'],
    registers: [registry],
    collect() {
      for (const [cache, bytes] of sizes) this.set({ cache }, bytes());
    },
  });
  const redis = new Histogram({
    name: 'cache_redis_seconds',
    help: 'Time from a command of the caches to the answer of Redis, or to its failure',
    labelNames: ['command', 'outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
    registers: [registry],
  });
  const breaker = new Gauge({
    name: 'cache_redis_breaker_open',
    help: 'Whether the caches leave Redis alone, after it failed: 1 or 0',
    registers: [registry],
  });
  return {
    countRequest: (cache, layer, result) => requests.inc({ cache, layer, result }),
    countAnswer: (state) => answers.inc({ state }),
    countParts(subgraph, kept, missing) {
      if (kept > 0) parts.inc({ subgraph, result: 'hit' }, kept);
      if (missing > 0) parts.inc({ subgraph, result: 'miss' }, missing);
    },
    countEviction: (cache, reason) => evictions.inc({ cache, reason }),
    trackBytes: (cache, bytes) => void sizes.set(cache, bytes),
    observeRedis: (command, outcome, seconds) => redis.observe({ command, outcome }, seconds),
    setBreakerOpen: (open) => breaker.set(open ? 1 : 0),
  };
}
