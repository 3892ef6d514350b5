import type { Prices } from './assumptions.ts';
import { HOURS_PER_MONTH, perMonth } from './formulas.ts';
import type { Money, Tier, Volumes } from './plan.ts';
import type { Inputs } from './processes.ts';
import type { Flow } from './traffic.ts';

const GB_PER_GBIT = 1 / 8;
const MILLION = 1_000_000;

/**
 * What a month costs: servers for all of it, as they are sized for the busiest time; what flows by its mean.
 *
 * @param parts - processes, databases with their replicas, and Redis
 */
export function moneyOf(
  { traffic, assumptions }: Inputs,
  prices: Prices,
  flow: Flow,
  volumes: Volumes,
  parts: { processes: readonly Tier[]; postgres: readonly Tier[]; redis: Tier; shards: number },
): Money {
  const sum = (tiers: readonly Tier[], figure: 'cores' | 'memoryGB') =>
    tiers.reduce((total, tier) => total + tier[figure], 0);
  const hours = (tiers: readonly Tier[], vcpu: number, gb: number) =>
    HOURS_PER_MONTH * (sum(tiers, 'cores') * vcpu + sum(tiers, 'memoryGB') * gb);
  const gigabytes = (gbit: number) => perMonth(gbit * GB_PER_GBIT, traffic.peakFactor);
  // A shard has its part of the data; each of its standbys, and each replica, has a copy of that.
  const copies = parts.postgres.reduce((total, { instances }) => total + instances, 0) / parts.shards;
  const money = {
    processes: hours(parts.processes, prices.vcpu_hour, prices.gb_hour),
    postgres: hours(parts.postgres, prices.postgres_vcpu_hour, prices.postgres_gb_hour),
    storage: volumes.storageGBPerMonth * assumptions.postgres.months_kept * copies * prices.storage_gb_month,
    redis:
      HOURS_PER_MONTH *
      (parts.redis.instances * prices.redis_server_hour + parts.redis.memoryGB * prices.redis_gb_hour),
    egress: gigabytes(volumes.gatewayOutGbit) * prices.egress_gb,
    cdn:
      gigabytes(volumes.cdnOutGbit) * prices.cdn_gb +
      (perMonth(flow.cdn, traffic.peakFactor) / MILLION) * prices.cdn_million_requests,
  };
  return { ...money, total: Object.values(money).reduce((total, part) => total + part, 0) };
}
