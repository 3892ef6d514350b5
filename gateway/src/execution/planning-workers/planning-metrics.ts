import { Counter, Gauge, type Registry } from '@tributary/platform';
import type { PlanningMetrics } from './planning-pool.ts';

/** Registers the figures of the threads that plan. */
export function createPlanningMetrics(registry: Registry): PlanningMetrics {
  const waiting = new Gauge({
    name: 'gateway_planning_waiting',
    help: 'New operations that wait for a thread to plan them',
    registers: [registry],
  });
  const lost = new Counter({
    name: 'gateway_planning_threads_lost_total',
    help: 'Threads that were replaced: planning an operation took longer than PLANNING_TIMEOUT_MS (timeout), or they ended by themselves (crash)',
    labelNames: ['reason'],
    registers: [registry],
  });
  const byReason = { timeout: lost.labels({ reason: 'timeout' }), crash: lost.labels({ reason: 'crash' }) };
  for (const child of Object.values(byReason)) child.inc(0);
  return {
    waiting: (change) => waiting.inc(change),
    lost: (reason) => byReason[reason].inc(),
  };
}
