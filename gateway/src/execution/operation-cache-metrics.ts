import { Counter, Gauge, Histogram, type Registry } from '@tributary/platform';

/** What is measured of the operations that are planned and compiled. */
export interface OperationCacheMetrics {
  /** A request asked for an operation. @param outcome - whether it was compiled already */
  count(outcome: 'hit' | 'miss'): void;
  /** An operation was planned and compiled. @param cost - milliseconds that each took */
  observe(cost: { readonly planning: number; readonly compiling: number }): void;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Registers the figures of compiled operations. @param size - tells, when asked, how many are kept */
export function createOperationCacheMetrics(registry: Registry, size: () => number): OperationCacheMetrics {
  const requests = new Counter({
    name: 'gateway_operation_cache_total',
    help: 'Requests by whether their operation was compiled already (hit) or had to be planned and compiled first (miss)',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const count = {
    hit: requests.labels({ outcome: 'hit' }),
    miss: requests.labels({ outcome: 'miss' }),
  };
  // The share of hits is to be known from the first request on.
  for (const child of Object.values(count)) child.inc(0);
  new Gauge({
    name: 'gateway_operation_cache_operations',
    help: 'Compiled operations that are kept for the supergraph in use',
    registers: [registry],
    collect() {
      this.set(size());
    },
  });
  const planning = new Histogram({
    name: 'gateway_operation_planning_seconds',
    help: 'Time to plan an operation that is new; with PLANNING_WORKERS=0 the event loop does nothing else meanwhile',
    buckets: SECONDS,
    registers: [registry],
  });
  const compilation = new Histogram({
    name: 'gateway_operation_compilation_seconds',
    help: 'Time to compile the plan of an operation that is new; the event loop does nothing else meanwhile',
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    count: (outcome) => count[outcome].inc(),
    observe(cost) {
      planning.observe(cost.planning / 1_000);
      compilation.observe(cost.compiling / 1_000);
    },
  };
}
