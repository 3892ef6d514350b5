import { Counter, type Registry } from '@tributary/platform';

/** What the rate limits measure of themselves. */
export interface RateLimitMetrics {
  /** A request was refused. @param limit - the one that it was over, by its name in the configuration file */
  countRefused(limit: string): void;
  /** Redis could not be asked, and a request was counted in this process alone. */
  countStoreFailure(): void;
}

/** Registers the figures of the rate limits. */
export function createRateLimitMetrics(registry: Registry): RateLimitMetrics {
  const refused = new Counter({
    name: 'rate_limited_total',
    help: 'Requests that were refused with RATE_LIMITED, by the limit that they were over',
    labelNames: ['limit'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'rate_limit_store_failures_total',
    help: 'Requests that were counted in this process alone, as Redis failed or is left alone after it did',
    registers: [registry],
  });
  return {
    countRefused: (limit) => refused.inc({ limit }),
    countStoreFailure: () => failures.inc(),
  };
}
