import { Counter, Histogram, type Registry } from '@tributary/platform';

/** What is measured of the cost of operations. */
export interface CostMetrics {
  /** @param type - `query`, `mutation` or `subscription` */
  observeEstimated(type: string, cost: number): void;
  /** @param type - `query`, `mutation` or `subscription`, whose events count each */
  observeActual(type: string, cost: number): void;
  /** An operation was over the limit. @param outcome - what was done with it */
  countExpensive(outcome: 'refused' | 'run'): void;
}

const COSTS = [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 100_000];

/** Registers the figures of costs. */
export function createCostMetrics(registry: Registry): CostMetrics {
  const estimated = new Histogram({
    name: 'gateway_operation_estimated_cost',
    help: 'What operations were expected to cost before they were run, by operation type',
    labelNames: ['type'],
    buckets: COSTS,
    registers: [registry],
  });
  const actual = new Histogram({
    name: 'gateway_operation_actual_cost',
    help: 'What operations cost by what came of them, by operation type; answers that were kept cost nothing',
    labelNames: ['type'],
    buckets: COSTS,
    registers: [registry],
  });
  const expensive = new Counter({
    name: 'gateway_operations_too_expensive_total',
    help: 'Operations whose estimated cost was over the limit, and whether they were refused or run all the same',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return {
    observeEstimated: (type, cost) => estimated.observe({ type }, cost),
    observeActual: (type, cost) => actual.observe({ type }, cost),
    countExpensive: (outcome) => expensive.inc({ outcome }),
  };
}
