import { parseArguments } from '@tributary/platform';
import { volumesOf } from './scale.ts';

/** What the command line asks for. */
export interface Arguments {
  scale: number;
  reset: boolean;
  help: boolean;
}

/** What `--help` shows. */
export const HELP = `Usage: npm run seed -- [--scale NUMBER] [--reset]

Fills the three databases with a made-up shop: a catalogue, people with addresses, two years of orders.
The same scale always gives the same rows. A database that already has rows is left as it is.

A database is at its <NAME>_DATABASE_URL (USERS_DATABASE_URL, PRODUCTS_DATABASE_URL, ORDERS_DATABASE_URL) where
that is set, else in the embedded PostgreSQL of DATA_DIR (default .tributary). Migrations that it does
not have yet are applied first.

Options:
  --scale NUMBER  how much: 1 is 1,000 products, 4,000 variants, 2,000 users and 10,000 orders; 10 is ten times
                  that, 0.1 a tenth; above 0, at most 100 (default 1)
  --reset         DELETE what the seeded tables hold, then fill them
  -h, --help      show this

Examples:
  npm run seed
  npm run seed -- --scale 10 --reset
`;

/**
 * Reads the command line.
 * @param args - without the program's name
 * @throws StartupError for an option that does not exist, or a scale that is not one
 */
export function readArguments(args: readonly string[]): Arguments {
  const { scale, reset, help } = parse(args);
  // Number() would take a blank text for 0 and `0x10` for 16.
  const number = /^\d*\.?\d+$/.test(scale) ? Number(scale) : Number.NaN;
  volumesOf(number);
  return { scale: number, reset, help };
}

function parse(args: readonly string[]) {
  return parseArguments({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}
