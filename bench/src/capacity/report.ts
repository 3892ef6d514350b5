import Table from 'cli-table3';
import type { Assumptions, Prices } from './assumptions.ts';
import type { Costs } from './costs.ts';
import type { Plan, Tier } from './plan.ts';

const BAR = 24; // characters of a full bar

/** A plan for people: tables, and bars of what is nearest to its end. */
export function reportOf(
  plan: Plan,
  { costs, prices, assumptions }: { costs: Costs; prices: Prices; assumptions: Assumptions },
): string {
  const { utilisation, zones } = assumptions;
  return [
    `Servers, ${percent(utilisation)} busy at most, over ${zones} zones with one to spare in each`,
    tiersTable(plan.tiers),
    leastHeadroom(plan.tiers, utilisation),
    '',
    'Connections to PostgreSQL',
    connectionsTable(plan),
    '',
    'At the busiest time',
    volumesTable(plan),
    '',
    'What breaks first, as share of what one of it can do',
    limitsTable(plan, utilisation),
    '',
    `A month, ${prices.currency} (prices: ${prices.as_of})`,
    moneyTable(plan),
    '',
    `Costs of operations: ${costs.measured.date}, ${costs.measured.machine}`,
    'An estimate: load tests on your own machines come before promises.',
  ].join('\n');
}

/** The sentence on the tier that fills up first. @param utilisation - share that may be used */
export function leastHeadroom(tiers: readonly Tier[], utilisation: number): string {
  const [fullest] = [...tiers].sort((a, b) => b.used - a.used);
  if (!fullest) return '';
  const times = fullest.used > 0 ? (utilisation / fullest.used).toFixed(1) : '∞';
  return `Least headroom: ${fullest.name}, ${percent(fullest.used)} used; good for ${times} times this traffic.`;
}

function tiersTable(tiers: readonly Tier[]): string {
  const rows = tiers.map(({ name, instances, busyCores, used, cores, memoryGB }) => [
    name,
    count(instances),
    busyCores === undefined ? '' : busyCores.toFixed(1),
    count(cores),
    memoryGB.toFixed(1),
    `${percent(used).padStart(4)} ${bar(used)}`,
  ]);
  return plainTable(['', 'instances', 'busy cores', 'cores', 'memory GB', 'used'], rows, [1, 2, 3, 4]);
}

const connectionsTable = ({ connections }: Plan): string =>
  plainTable(
    ['', 'opened', 'under way', 'statements/s', ''],
    connections.map(({ service, opened, needed, statements, needsPooler }) => [
      service,
      count(opened),
      count(needed),
      count(statements),
      needsPooler ? 'PgBouncer' : '',
    ]),
    [1, 2, 3],
  );

const volumesTable = ({ volumes, shards, replicas }: Plan): string =>
  plainTable(
    ['', ''],
    [
      ['from the gateways, Gbit/s', volumes.gatewayOutGbit.toFixed(3)],
      ['to the gateways, Gbit/s', volumes.gatewayInGbit.toFixed(3)],
      ['between gateways and subgraphs, Gbit/s', volumes.innerGbit.toFixed(3)],
      ['from the CDN, Gbit/s', volumes.cdnOutGbit.toFixed(3)],
      ['commands to Redis a second', count(volumes.redisOperations)],
      ['write-ahead log, MB/s', volumes.walMB.toFixed(2)],
      ['databases grow in a month by, GB', count(volumes.storageGBPerMonth)],
      ['primaries for orders', count(shards)],
      ['read replicas', count(replicas)],
    ],
    [1],
  );

const limitsTable = ({ limits }: Plan, utilisation: number): string =>
  plainTable(
    ['', 'asked', 'one does', '', 'seen in', 'then'],
    limits.map(({ name, load, capacity, unit, share, metric, next }) => [
      name,
      `${short(load)} ${unit}`,
      short(capacity),
      `${share > utilisation ? '!' : ' '} ${times(share).padStart(6)} ${bar(share)}`,
      metric,
      next,
    ]),
    [2],
  );

const moneyTable = ({ money }: Plan): string =>
  plainTable(
    ['', ''],
    Object.entries(money).map(([part, sum]) => [part, count(sum)]),
    [1],
  );

function plainTable(head: string[], rows: string[][], right: readonly number[]): string {
  const table = new Table({
    head,
    colAligns: head.map((_, index) => (right.includes(index) ? ('right' as const) : ('left' as const))),
    style: { head: [], border: [] },
    // No lines between rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  table.push(...rows);
  return table.toString();
}

const bar = (share: number): string => '█'.repeat(Math.round(Math.min(1, share) * BAR)).padEnd(BAR, '░');
const percent = (share: number): string => `${count(share * 100)} %`;
const times = (share: number): string => (share < 10 ? percent(share) : `${count(share)} ×`);
const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const short = (value: number): string => (value < 10 ? value.toFixed(2) : count(value));
