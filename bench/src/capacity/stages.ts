import type { Assumptions, Prices } from './assumptions.ts';
import type { Costs } from './costs.ts';
import { capacityOf } from './model.ts';
import type { Plan } from './plan.ts';
import type { Traffic } from './traffic.ts';

const SHOP: Traffic = {
  ordersPerSecond: 0,
  readsPerSecond: 0,
  subscriptions: 0,
  eventsPerListener: 0.01,
  personalShare: 0.1,
  cdnShare: 0,
  memoryHits: 0.7,
  redisHits: 0.5,
  peakFactor: 3,
};

/** Shops that grow, as docs/scaling.md goes through them; a tenth of the queries is about who asks. */
export const STAGES: Readonly<Record<string, Traffic>> = {
  'one machine': { ...SHOP, readsPerSecond: 50, ordersPerSecond: 1, subscriptions: 100 },
  'several gateways': { ...SHOP, readsPerSecond: 500, ordersPerSecond: 10, subscriptions: 1_000 },
  databases: { ...SHOP, readsPerSecond: 3_000, ordersPerSecond: 50, subscriptions: 5_000 },
  'ten thousand': { ...SHOP, readsPerSecond: 10_000, ordersPerSecond: 200, subscriptions: 20_000 },
  'a hundred thousand': {
    ...SHOP,
    readsPerSecond: 100_000,
    ordersPerSecond: 2_000,
    subscriptions: 200_000,
    cdnShare: 0.5,
  },
  'internet scale': {
    ...SHOP,
    readsPerSecond: 1_000_000,
    ordersPerSecond: 10_000,
    subscriptions: 1_000_000,
    cdnShare: 0.8,
    memoryHits: 0.8,
  },
};

/** All stages as a Markdown table. */
export function stagesTable(inputs: { costs: Costs; assumptions: Assumptions; prices: Prices }): string {
  const rows = Object.entries(STAGES).map(([name, traffic]) =>
    cellsOf(name, traffic, capacityOf({ ...inputs, traffic }, inputs.prices), inputs),
  );
  const head = [
    'shop',
    'queries/s',
    'by a CDN',
    'orders/s',
    'busy cores',
    'gateways',
    'users, products, orders',
    'primaries, replicas',
    'Redis',
    'Gbit/s out',
    `${inputs.prices.currency} a month`,
    'more than one of',
  ];
  const rule = head.map((_, index) => (index === 0 || index === head.length - 1 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(
  name: string,
  traffic: Traffic,
  plan: Plan,
  { assumptions }: { assumptions: Assumptions },
): string[] {
  const instances = (tier: string) => plan.tiers.find((one) => one.name === tier)?.instances ?? 0;
  const cores = plan.tiers.reduce((sum, { busyCores = 0 }) => sum + busyCores, 0);
  const split = plan.limits.filter(({ share }) => share > assumptions.utilisation);
  return [
    name,
    count(traffic.readsPerSecond),
    `${Math.round(traffic.cdnShare * (1 - traffic.personalShare) * 100)} %`,
    count(traffic.ordersPerSecond),
    cores < 10 ? cores.toFixed(1) : count(cores),
    count(instances('gateway')),
    ['users', 'products', 'orders'].map((service) => count(instances(service))).join(', '),
    `${count(plan.shards)}, ${count(plan.replicas)}`,
    count(instances('Redis, replicas')),
    plan.volumes.gatewayOutGbit.toFixed(2),
    // Two digits: the third would say more than anybody knows.
    count(Number(plan.money.total.toPrecision(2))),
    split.map((limit) => limit.name.replace(/\bone /, '')).join('; '),
  ];
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
