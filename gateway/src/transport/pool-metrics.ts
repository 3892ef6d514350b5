import { Gauge, type Registry } from '@tributary/platform';
import type { PoolLoad } from './pool-load.ts';

/**
 * Registers how busy the connections to the subgraphs are, which is looked up when somebody reads the figures. Subgraphs
 * of one server that are asked alike share their connections, and each has the figures of all.
 *
 * @param loads - by the subgraph's name
 */
export function registerPoolMetrics(
  registry: Registry,
  loads: () => Readonly<Record<string, PoolLoad>>,
): void {
  new Gauge({
    name: 'gateway_subgraph_pool_connections',
    help: 'Open connections to the server of a subgraph, with a request on its way (busy) or without (idle)',
    labelNames: ['subgraph', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [subgraph, { busy, idle }] of Object.entries(loads())) {
        this.set({ subgraph, state: 'busy' }, busy);
        this.set({ subgraph, state: 'idle' }, idle);
      }
    },
  });
  new Gauge({
    name: 'gateway_subgraph_pool_waiting',
    help: 'Requests that wait for a connection to the server of a subgraph',
    labelNames: ['subgraph'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [subgraph, { waiting }] of Object.entries(loads())) this.set({ subgraph }, waiting);
    },
  });
}
