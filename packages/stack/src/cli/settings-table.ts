import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { settingsMarkdown, withSettings } from '../settings-docs/settings-markdown.ts';
import { settingsOfServices } from '../settings-docs/settings-of-services.ts';

const HELP = `Usage: npm run settings [-- --check]

Writes the settings of every service into README.md, from the schemas that the services read them by.

  --check     write nothing; exit with 1 when the README is not up to date
  -h, --help  show this
`;

const README = join(REPOSITORY, 'README.md');

async function main(): Promise<void> {
  const { check, help } = parseArguments({
    options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (help) return void process.stdout.write(HELP);
  const text = await readFile(README, 'utf8');
  const upToDate = withSettings(text, settingsMarkdown(await settingsOfServices()));
  if (upToDate === text) return void process.stdout.write('README.md is up to date\n');
  if (check) throw new StartupError('README.md: its settings are not up to date; run `npm run settings`');
  await writeFile(README, upToDate);
  process.stdout.write('README.md written\n');
}

await main().catch(exitWith);
