import { parseArguments, StartupError } from '@tributary/platform';
import type { InputFiles } from './read-inputs.ts';
import type { Traffic } from './traffic.ts';

/** What the command line asks for. */
export interface CapacityArguments {
  traffic: Traffic;
  files: InputFiles;
  /** Whether to print JSON. */
  json: boolean;
  /** Whether to print the shops of docs/scaling.md instead, as Markdown. */
  stages: boolean;
  /** File to measure costs into, in place of a plan; null for a plan. */
  measure: string | null;
}

interface Option {
  flag: string;
  default: number;
  least: number;
  most: number;
  says: string;
}

const MOST = 1_000_000_000; // beyond it a typing error is likelier than a shop

/** Flags of the traffic. */
const TRAFFIC: Readonly<Record<keyof Traffic, Option>> = {
  ordersPerSecond: {
    flag: 'orders-per-second',
    default: 10,
    least: 0,
    most: MOST,
    says: 'orders at the busiest time',
  },
  readsPerSecond: {
    flag: 'reads-per-second',
    default: 1_000,
    least: 0,
    most: MOST,
    says: 'queries at the busiest time, a CDN’s included',
  },
  subscriptions: { flag: 'subscriptions', default: 0, least: 0, most: MOST, says: 'listeners at once' },
  eventsPerListener: {
    flag: 'events-per-listener',
    default: 0.01,
    least: 0,
    most: 1_000,
    says: 'events a second for each',
  },
  personalShare: {
    flag: 'personal-share',
    default: 0.1,
    least: 0,
    most: 1,
    says: 'queries that nobody else may have the answer of',
  },
  cdnShare: { flag: 'cdn-share', default: 0, least: 0, most: 1, says: 'of the others: answered by a CDN' },
  memoryHits: {
    flag: 'memory-hits',
    default: 0.7,
    least: 0,
    most: 1,
    says: 'of those that come: in a gateway’s memory',
  },
  redisHits: { flag: 'redis-hits', default: 0.5, least: 0, most: 1, says: 'of the rest: in Redis' },
  peakFactor: {
    flag: 'peak-factor',
    default: 3,
    least: 1,
    most: 1_000,
    says: 'busiest time over mean; a month’s volumes are of the mean',
  },
};

/** What `--help` shows. */
export const HELP = `Usage: npm run capacity -- [--orders-per-second N] [--reads-per-second N] … [--json]
       npm run capacity -- --measure FILE

Gateways, subgraphs, databases, Redis, network and money for a traffic, and what breaks first: docs/scaling.md.

Traffic (shares are from 0 to 1):
${Object.values(TRAFFIC)
  .map((option) => `  --${`${option.flag} N`.padEnd(23)}${option.says} (default ${option.default})`)
  .join('\n')}

Options:
  --costs FILE             measured costs (default bench/capacity/costs.json)
  --prices FILE            what things cost (default bench/capacity/prices.yaml: examples)
  --assumptions FILE       what nobody measured (default bench/capacity/assumptions.yaml)
  --json                   print JSON
  --stages                 print the table of docs/scaling.md, of shops that grow; the traffic is theirs
  --measure FILE           measure the costs on this machine, and write them there; some minutes, after \`npm run build\`
  -h, --help               show this
`;

/**
 * Reads the command line.
 *
 * @param args - without the program's name
 * @returns null when help is asked for
 * @throws StartupError naming every flag with a value that cannot be used
 */
export function readCapacityArguments(args: readonly string[]): CapacityArguments | null {
  const { values } = parseArguments({
    args: [...args],
    options: {
      ...Object.fromEntries(Object.values(TRAFFIC).map(({ flag }) => [flag, { type: 'string' } as const])),
      costs: { type: 'string' },
      prices: { type: 'string' },
      assumptions: { type: 'string' },
      measure: { type: 'string' },
      json: { type: 'boolean' },
      stages: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const given: Readonly<Record<string, unknown>> = values;
  const problems: string[] = [];
  const read = (name: keyof Traffic): number => {
    const { flag, default: otherwise, least, most } = TRAFFIC[name];
    const text = given[flag];
    if (text === undefined) return otherwise;
    // Number() would take a blank text for 0 and `0x10` for 16.
    const value = /^\d*\.?\d+$/.test(String(text)) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      problems.push(`--${flag}: must be a number from ${least} to ${most}`);
    return value;
  };
  const traffic: Traffic = {
    ordersPerSecond: read('ordersPerSecond'),
    readsPerSecond: read('readsPerSecond'),
    subscriptions: read('subscriptions'),
    eventsPerListener: read('eventsPerListener'),
    personalShare: read('personalShare'),
    cdnShare: read('cdnShare'),
    memoryHits: read('memoryHits'),
    redisHits: read('redisHits'),
    peakFactor: read('peakFactor'),
  };
  if (problems.length > 0) throw new StartupError(problems.join('; '));
  const file = (name: string) => (given[name] as string | undefined) ?? null;
  return {
    traffic,
    files: { costs: file('costs'), prices: file('prices'), assumptions: file('assumptions') },
    json: values.json === true,
    stages: values.stages === true,
    measure: file('measure'),
  };
}
