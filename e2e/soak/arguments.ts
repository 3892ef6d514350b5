import { parseArguments, StartupError } from '@tributary/platform';

/** What the command line asks for. */
export interface Arguments {
  /** Milliseconds. */
  duration: number;
  seed: number;
  /** File for the report; null for none. */
  json: string | null;
}

/** What `--help` shows. */
export const HELP = `Usage: npm run soak [-- --minutes N] [--seed S] [--json FILE]

Puts the whole graph under load, each service in a process of its own, while things go wrong: connections that are slow,
cut, refused or lead nowhere, and processes that are suspended or killed. At the end, every order has to be there once
and add up, and no process may hold more than in the middle. Needs redis-server on the PATH. Exits with 1, and says what
is wrong, when something is.

Options:
  --minutes N   of load and faults (default 10)
  --seed S      decides what goes wrong, when and where (default: drawn, and told)
  --json FILE   also write the report there
  -h, --help    show this
`;

const SEEDS = 1_000_000;

/**
 * Reads the command line.
 *
 * @param args - without the program's name
 * @returns null when help is asked for
 * @throws StartupError for an option that does not exist, or a value that cannot be used
 */
export function readArguments(args: readonly string[]): Arguments | null {
  const { values } = parseArguments({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new StartupError('--minutes: must be a number above 0');
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new StartupError('--seed: must be an integer');
  return { duration: minutes * 60_000, seed, json: values.json ?? null };
}
