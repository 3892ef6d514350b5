import { Gauge, type Registry } from '@tributary/platform';
import type { CallsState } from './calls.ts';

const STATES = ['closed', 'open', 'half-open'] as const;

/**
 * Registers the states of the circuit breakers, which are looked up when somebody reads the figures.
 *
 * @param statesOf - by the subgraph's name
 */
export function registerBreakerMetrics(
  registry: Registry,
  statesOf: () => Readonly<Record<string, CallsState>>,
): void {
  new Gauge({
    name: 'gateway_subgraph_breaker_state',
    help: '1 for the state that the circuit breaker of a subgraph is in, 0 for the others',
    labelNames: ['subgraph', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [subgraph, { breaker }] of Object.entries(statesOf())) {
        if (breaker === 'off') continue;
        for (const state of STATES) this.set({ subgraph, state }, state === breaker ? 1 : 0);
      }
    },
  });
}
