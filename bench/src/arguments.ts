import { parseArguments, StartupError } from '@tributary/platform';
import { benches } from './benches/index.ts';
import type { Bench } from './harness/bench.ts';

/** What the command line asks for. */
export interface Arguments {
  name: string;
  bench: Bench;
  seconds: number;
  rounds: number;
  scale: number;
  /** Names of the benchmark's peers; null for all. */
  peers: string[] | null;
  /** Names of the benchmark's scenarios; null for all. */
  scenarios: string[] | null;
  profileDir: string | null;
  /** File for the result as JSON; null for none. */
  json: string | null;
  /** File for a chart of the result; null for none. */
  chart: string | null;
}

/** What `--help` shows. */
export const HELP = `Usage: npm run bench -- NAME [--json FILE] [--chart FILE] [--seconds N] [--rounds N] [--scale N]
                             [--peers A,B] [--scenarios A,B] [--profile DIR]
       npm run bench -- compare BASE HEAD [--least N]

Measures on this machine, side by side with what one would use instead. Only the ratios mean anything elsewhere.

Benchmarks:
${Object.entries(benches).map(describe).join('\n')}

Options:
  --json FILE      also write the result there
  --chart FILE     also draw requests/s there, as SVG
  --seconds N      length of one measurement (default 5)
  --rounds N       measurements of each side, in turn; figures are their medians (default 3)
  --scale N        size of the seeded shop: 1 is 1,000 products, 2,000 users and 10,000 orders; of subscriptions,
                   the number of listeners: 1 is 10,000 (default 1)
  --peers A,B      compare with these only
  --scenarios A,B  measure these only
  --profile DIR    write a V8 CPU profile of each server process there; slows all of them down
  -h, --help       show this
`;

function describe([name, { summary, peers, scenarios }]: [string, Bench]): string {
  const choices = Object.entries({ peers, scenarios }).map(
    ([option, names]) => names && `\n${' '.repeat(17)}${option}: ${names.join(', ')}`,
  );
  return [`  ${name.padEnd(15)}${summary}`, ...choices].join('');
}

/**
 * Reads the command line.
 *
 * @param args - without the program's name
 * @returns null when help is asked for
 * @throws StartupError for a benchmark or an option that does not exist, or a value that cannot be used
 */
export function readArguments(args: readonly string[]): Arguments | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [name, ...more] = positionals;
  const known = Object.keys(benches).join(', ');
  if (name === undefined || more.length > 0)
    throw new StartupError(`name one benchmark: ${known}; see --help`);
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench) throw new StartupError(`there is no benchmark "${name}", only: ${known}; see --help`);
  return {
    name,
    bench,
    seconds: numberIn('--seconds', values.seconds, { least: 0.1, most: 3_600 }),
    rounds: integerIn('--rounds', values.rounds, { least: 1, most: 1_000 }),
    scale: numberIn('--scale', values.scale, { least: 0.001, most: 100 }),
    peers: namesIn('--peers', values.peers, name, bench.peers),
    scenarios: namesIn('--scenarios', values.scenarios, name, bench.scenarios),
    profileDir: values.profile ?? null,
    json: values.json ?? null,
    chart: values.chart ?? null,
  };
}

function parse(args: readonly string[]) {
  return parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      peers: { type: 'string' },
      scenarios: { type: 'string' },
      profile: { type: 'string' },
      chart: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function numberIn(option: string, text: string, { least, most }: { least: number; most: number }): number {
  // Number() would take a blank text for 0 and `0x10` for 16.
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new StartupError(`${option}: must be a number from ${least} to ${most}`);
  return value;
}

function integerIn(option: string, text: string, range: { least: number; most: number }): number {
  const value = numberIn(option, text, range);
  if (!Number.isInteger(value)) throw new StartupError(`${option}: must be a whole number`);
  return value;
}

/** Names that a benchmark has, separated by commas. */
function namesIn(
  option: string,
  text: string | undefined,
  bench: string,
  known: readonly string[] | undefined,
): string[] | null {
  if (text === undefined) return null;
  if (!known) throw new StartupError(`${option}: ${bench} has none to choose from`);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new StartupError(`${option}: there is no "${unknown}", only: ${known.join(', ')}`);
  return names;
}
