import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { GENERATED_DOCUMENTS } from '../documents/generated-documents.ts';

const HELP = `Usage: npm run settings [-- --check]

Writes the settings of every service into README.md, from the schemas that the services read them by, and the error
codes into docs/errors.md and the metrics into docs/metrics.md, from their registries.

  --check     write nothing; exit with 1 when a document is not up to date
  -h, --help  show this
`;

async function main(): Promise<void> {
  const { check, help } = parseArguments({
    options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (help) return void process.stdout.write(HELP);
  for (const { file, update } of GENERATED_DOCUMENTS) {
    const path = join(REPOSITORY, file);
    const text = await readFile(path, 'utf8');
    const upToDate = await update(text);
    if (upToDate === text) {
      process.stdout.write(`${file} is up to date\n`);
      continue;
    }
    if (check) throw new StartupError(`${file}: its tables are not up to date; run \`npm run settings\``);
    await writeFile(path, upToDate);
    process.stdout.write(`${file} written\n`);
  }
}

await main().catch(exitWith);
