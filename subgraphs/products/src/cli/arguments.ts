import { extname } from 'node:path';
import { parseArguments, StartupError } from '@tributary/platform';
import { NEEDED_COLUMNS, OPTIONAL_COLUMNS } from '../services/import/import-row.ts';
import type { ImportFormat } from '../services/import/read-rows.ts';

/** What the command line asks for. */
export interface Arguments {
  file: string;
  format: ImportFormat;
  dryRun: boolean;
  /** File that bad rows are written to. */
  report: string | null;
}

/** What `--help` shows. */
export const HELP = `Usage: npm run import -- FILE [--format csv|ndjson] [--dry-run] [--report FILE]

Brings the catalogue to what a file says: a row for each variant, which is found by its sku, and its product by its
slug. What the file does not name stays. Good rows go in, bad ones are told of with their line; the same file
again changes nothing.

Columns of CSV (UTF-8, with a header), and keys of NDJSON (a JSON object in each line):
  ${NEEDED_COLUMNS.join(', ')}
and perhaps
  ${OPTIONAL_COLUMNS.join(', ')}
The price is a decimal number of whole units, such as 12.50; a string in NDJSON. What is empty leaves what is there.
All rows of a product have the same title, currency, description, category and status, where they have one.

The database is at PRODUCTS_DATABASE_URL where that is set, else in the embedded PostgreSQL of DATA_DIR (default
.tributary). Migrations that it does not have yet are applied first.

Options:
  --format NAME  csv or ndjson, where the file's name does not end in .csv, .ndjson or .jsonl
  --dry-run      tell what would happen, and change nothing
  --report FILE  write all bad rows there, as NDJSON: {"line":12,"reason":"sku: This is missing."}
  -h, --help     show this

Exit code: 0 when all rows were good, 2 when some were bad, 1 when the file or the database cannot be read.

Examples:
  npm run import -- products.csv --dry-run
  npm run import -- products.csv --report bad-rows.ndjson
`;

const FORMATS: Readonly<Record<string, ImportFormat>> = { csv: 'CSV', ndjson: 'NDJSON', jsonl: 'NDJSON' };

/**
 * Reads the command line.
 *
 * @returns null when help is wanted
 * @throws StartupError for an option that does not exist, no file, or an unknown format
 */
export function readArguments(): Arguments | null {
  const { values, positionals } = parseArguments({
    options: {
      format: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (!file || more.length > 0)
    throw new StartupError('give one file: npm run import -- products.csv; see --help');
  return {
    file,
    format: formatOf(file, values.format),
    dryRun: values['dry-run'],
    report: values.report ?? null,
  };
}

function formatOf(file: string, given: string | undefined): ImportFormat {
  const format = FORMATS[(given ?? extname(file).slice(1)).toLowerCase()];
  if (format) return format;
  throw new StartupError(
    given === undefined
      ? `${file}: the name does not say the format; add --format csv or --format ndjson`
      : `--format ${given}: say csv or ndjson`,
  );
}
