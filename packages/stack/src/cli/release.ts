import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { notesOf } from '../release/changelog.ts';
import { makeVersion, versionOf } from '../release/make-version.ts';

const HELP = `Usage: npm run release -- version
       npm run -s release -- notes

  version     makes the next version of what was noted in .changeset: package.json files, lockfile, CHANGELOG.md
  notes       what CHANGELOG.md says of the version that is here
  -h, --help  show this

docs/deployment.md says how a release goes on from there.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const [what, ...more] = positionals;
  if (more.length > 0 || (what !== 'version' && what !== 'notes'))
    throw new StartupError('say what to do, version or notes; see --help');
  if (what === 'version') {
    const version = await makeVersion(REPOSITORY, new Date().toISOString().slice(0, 10));
    return void process.stdout.write(`${version} is made; read CHANGELOG.md, and commit\n`);
  }
  const version = await versionOf(REPOSITORY);
  const changelog = await readFile(join(REPOSITORY, 'CHANGELOG.md'), 'utf8').catch(() => '');
  process.stdout.write(`${notesOf(changelog, version) ?? `Tributary ${version}`}\n`);
}

await main().catch(exitWith);
