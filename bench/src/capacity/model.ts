import type { Prices } from './assumptions.ts';
import { limitsOf } from './limits.ts';
import { moneyOf } from './money.ts';
import type { Plan } from './plan.ts';
import { connectionsOf, type Inputs, processTiers } from './processes.ts';
import { databasesOf, redisOf, volumesOf } from './stores.ts';
import { flowOf } from './traffic.ts';

/**
 * What carries a traffic at its busiest, what that costs, and what ends first. Pure.
 *
 * @param inputs - as their schemas have them; traffic with shares from 0 to 1
 */
export function capacityOf(inputs: Inputs, prices: Prices): Plan {
  const flow = flowOf(inputs.traffic);
  const volumes = volumesOf(inputs, flow);
  const processes = processTiers(inputs, flow);
  const connections = connectionsOf(inputs, flow, processes);
  const databases = databasesOf(inputs, flow, volumes.walMB);
  const redis = redisOf(inputs, volumes.redisOperations);
  const postgres = [databases.primary, databases.replica].filter(({ instances }) => instances > 0);
  const { shards } = databases;
  return {
    tiers: [...processes, ...postgres, redis],
    shards,
    replicas: databases.replica.instances,
    connections,
    volumes,
    money: moneyOf(inputs, prices, flow, volumes, { processes, postgres, redis, shards }),
    limits: limitsOf(inputs, { tiers: processes, databases, connections, volumes }),
  };
}
