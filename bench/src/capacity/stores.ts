import { busyCores, perMonth, unitsFor } from './formulas.ts';
import type { Tier, Volumes } from './plan.ts';
import { type Inputs, overOperations } from './processes.ts';
import { atGateways, type Flow } from './traffic.ts';

const BYTES_PER_MB = 1_000_000;
const BYTES_PER_GB = 1_000_000_000;
const BITS_PER_GBIT = 1_000_000_000;
const BITS_PER_BYTE = 8;

/** PostgreSQL as the traffic needs it. */
export interface Databases {
  primary: Tier;
  replica: Tier;
  /** Primaries, each with its standbys. */
  shards: number;
  /** Cores that orders keep busy, and those that queries do. */
  orderCores: number;
  readCores: number;
}

/**
 * Primaries for the orders: as many as their CPU and their log need. Queries go to replicas as soon as one primary cannot
 * carry both; then there are two at least, as one may fail.
 */
export function databasesOf({ costs, assumptions }: Inputs, flow: Flow, walMB: number): Databases {
  const { postgres, utilisation } = assumptions;
  const orderCores = busyCores(flow.run.order, costs.operations.order.postgresCpuMs);
  const all = busyCores(
    1,
    overOperations(flow, costs, ({ postgresCpuMs }) => postgresCpuMs),
  );
  const readCores = all - orderCores;
  const shards = Math.max(
    unitsFor(orderCores, postgres.cores, utilisation),
    unitsFor(walMB, postgres.wal_mb_per_second, utilisation),
  );
  const fits = shards === 1 && all <= postgres.cores * utilisation;
  const replicas = fits || readCores === 0 ? 0 : unitsFor(readCores, postgres.cores, utilisation) + 1;
  const tier = (
    name: string,
    { instances, serving }: { instances: number; serving: number },
    busy: number,
    coresEach: number,
  ): Tier => ({
    name,
    instances,
    busyCores: busy,
    used: serving === 0 ? 0 : busy / (serving * coresEach),
    cores: instances * coresEach,
    memoryGB: instances * coresEach * (postgres.memory_gb / postgres.cores),
  });
  const onPrimaries = fits ? all : orderCores;
  // A smaller server where it does: the next power of two, as classes come, and two cores at least.
  const coresFor = (busy: number, units: number) =>
    Math.min(postgres.cores, Math.max(2, 2 ** Math.ceil(Math.log2(busy / units / utilisation || 1))));
  return {
    primary: tier(
      'PostgreSQL primaries, standbys',
      { instances: shards * (1 + postgres.standbys), serving: shards },
      onPrimaries,
      coresFor(onPrimaries, shards),
    ),
    replica: tier(
      'PostgreSQL replicas',
      { instances: replicas, serving: replicas },
      fits ? 0 : readCores,
      coresFor(readCores, Math.max(1, replicas - 1)),
    ),
    shards,
    orderCores,
    readCores,
  };
}

/** Redis servers, each with a replica; more than one pair is a Cluster. */
export function redisOf({ costs, assumptions }: Inputs, operations: number): Tier {
  const { redis, utilisation } = assumptions;
  const keptGB =
    (redis.hot_answers * costs.operations.productPage.answerBytes * redis.overhead) / BYTES_PER_GB;
  const primaries = Math.max(
    unitsFor(operations, redis.operations_per_second, utilisation),
    unitsFor(keptGB, redis.memory_gb, utilisation),
  );
  const instances = 2 * primaries;
  const memoryGB = 2 * Math.min(primaries * redis.memory_gb, Math.max(1, Math.ceil(keptGB / utilisation)));
  const used = Math.max(
    operations / (primaries * redis.operations_per_second),
    keptGB / (primaries * redis.memory_gb),
  );
  return { name: 'Redis, replicas', instances, used, cores: instances, memoryGB };
}

/** What goes over the network, into the log and onto disks. */
export function volumesOf({ costs, assumptions, traffic }: Inputs, flow: Flow): Volumes {
  const { headers_bytes: headers, inner_bytes_factor: factor, redis } = assumptions;
  const { productPage } = costs.operations;
  const gbit = (bytes: number) => (bytes * BITS_PER_BYTE) / BITS_PER_GBIT;
  const hits = flow.memoryHits + flow.redisHits;
  const bodies = overOperations(flow, costs, ({ answerBytes }) => answerBytes);
  const questions = overOperations(flow, costs, ({ requestBytes }) => requestBytes);
  const lookedUp = flow.redisHits + flow.run.productPage;
  // What memory answers asks Redis nothing; everything else is counted for its rate limits.
  const counted = atGateways(flow) - flow.memoryHits;
  return {
    gatewayOutGbit: gbit(
      bodies +
        hits * productPage.answerBytes +
        atGateways(flow) * (headers / 2) +
        flow.messages * (headers / 2),
    ),
    gatewayInGbit: gbit(questions + hits * productPage.requestBytes + atGateways(flow) * (headers / 2)),
    innerGbit: gbit(bodies * factor),
    cdnOutGbit: gbit(flow.cdn * (productPage.answerBytes + headers / 2)),
    walMB: overOperations(flow, costs, ({ walBytes }) => walBytes) / BYTES_PER_MB,
    storageGBPerMonth:
      perMonth(
        overOperations(flow, costs, ({ storageBytes }) => storageBytes),
        traffic.peakFactor,
      ) / BYTES_PER_GB,
    redisOperations:
      lookedUp * redis.per_lookup +
      flow.run.productPage * redis.per_miss +
      flow.run.order * redis.per_order +
      counted * redis.per_operation,
  };
}
