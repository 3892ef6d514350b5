import type { Assumptions } from './assumptions.ts';
import { type Costs, type OperationName, SERVICES, type ServiceName } from './costs.ts';
import { busyCores, underWay, unitsFor, withSpare } from './formulas.ts';
import type { Connections, Tier } from './plan.ts';
import type { Flow, Traffic } from './traffic.ts';

const OPERATIONS: readonly OperationName[] = ['productPage', 'crossing', 'order'];
const SUBGRAPHS = SERVICES.filter((name) => name !== 'gateway');
const MB_PER_GB = 1_000;
const KB_PER_GB = 1_000_000;

/** What every part of the model works with. */
export interface Inputs {
  traffic: Traffic;
  costs: Costs;
  assumptions: Assumptions;
}

/** Adds up what all operations that are run cost. @param cost - of one */
export const overOperations = (
  { run }: Flow,
  { operations }: Costs,
  cost: (operation: Costs['operations'][OperationName]) => number,
): number => OPERATIONS.reduce((sum, name) => sum + run[name] * cost(operations[name]), 0);

/** Cores of a service that are busy: what is run, and for gateways also what is kept and what listeners get. */
export function busyCoresOf(service: ServiceName, flow: Flow, costs: Costs): number {
  const run = busyCores(
    1,
    overOperations(flow, costs, ({ services }) => services[service].cpuMs),
  );
  if (service !== 'gateway') return run;
  return (
    run +
    busyCores(flow.memoryHits, costs.hits.memoryCpuMs) +
    busyCores(flow.redisHits, costs.hits.redisCpuMs) +
    busyCores(flow.messages, costs.subscriptions.messageCpuMs)
  );
}

/** Gateways and subgraphs. A process is one event loop, and has one core. */
export const processTiers = (inputs: Inputs, flow: Flow): Tier[] =>
  SERVICES.map((name) => {
    const { costs, assumptions, traffic } = inputs;
    const busy = busyCoresOf(name, flow, costs);
    const listeners = name === 'gateway' ? traffic.subscriptions : 0;
    const units = Math.max(
      unitsFor(busy, 1, assumptions.utilisation),
      unitsFor(listeners, assumptions.listeners_per_gateway, assumptions.utilisation),
    );
    const instances = withSpare(units, assumptions.zones);
    const residentMB = Math.max(...OPERATIONS.map((one) => costs.operations[one].services[name].rssMB));
    return {
      name,
      instances,
      busyCores: busy,
      used: Math.max(busy / instances, listeners / (instances * assumptions.listeners_per_gateway)),
      cores: instances,
      memoryGB:
        (instances * residentMB) / MB_PER_GB + (listeners * costs.subscriptions.listenerKB) / KB_PER_GB,
    };
  });

/** Connections to the databases, each subgraph's own. @param tiers - of `processTiers` */
export const connectionsOf = (
  { costs, assumptions }: Inputs,
  flow: Flow,
  tiers: readonly Tier[],
): Connections[] =>
  SUBGRAPHS.map((service) => {
    const instances = tiers.find(({ name }) => name === service)?.instances ?? 0;
    const statements = overOperations(flow, costs, ({ services }) => services[service].statements);
    const opened = instances * assumptions.pool_size;
    return {
      service,
      opened,
      needed: Math.ceil(underWay(statements, assumptions.statement_ms)),
      needsPooler: opened > assumptions.postgres.max_connections,
      statements,
    };
  });
