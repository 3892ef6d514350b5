import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { GENERATED_DOCUMENTS } from '../documents/generated-documents.ts';

const HELP = `Usage: npm run settings [-- --check]

Writes the settings of every service into README.md, from the schemas that the services read them by, the error codes
into docs/errors.md and the metrics into docs/metrics.md, from their registries, the events for other systems into
docs/asyncapi.yaml, and what Prometheus and Grafana read into deploy/, with the tables of docs/operations.md, from
packages/observability.

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
    const text = await readFile(path, 'utf8').catch(() => '');
    const upToDate = await update(text);
    if (upToDate === text) {
      process.stdout.write(`${file} is up to date\n`);
      continue;
    }
    if (check) throw new StartupError(`${file}: is not up to date; run \`npm run settings\``);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, upToDate);
    process.stdout.write(`${file} written\n`);
  }
}

await main().catch(exitWith);
