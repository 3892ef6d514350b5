import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { REPOSITORY } from '@tributary/database';
import { StartupError } from '@tributary/platform';
import { parseDocument } from 'yaml';
import { recordInstall } from '../../../../scripts/install.mjs';
import { step } from '../../../../scripts/step.mjs';
import { withComposeService } from './compose-service.ts';
import { withDataMap } from './data-map.ts';
import type { Names } from './names.ts';

const run = promisify(execFile);
/** Node's arguments that run a source file as it is. */
const SOURCE = ['--conditions=source', '--import', 'tsx'];
const TEMPLATE = fileURLToPath(new URL('../../templates/subgraph', import.meta.url));

/** Files that name every subgraph, and how one is added to their text. */
const EDITS: readonly (readonly [string, (text: string, names: Names) => string])[] = [
  ['docker-compose.yml', withComposeService],
  ['prisma/data-map.yaml', withDataMap],
];

/**
 * Adds a subgraph to this repository: its files, its entries in `supergraph.yaml`, `docker-compose.yml` and the map of
 * what is known of people, and what is generated from them.
 *
 * @param names - its ports are filled in
 * @throws StartupError when there is one of that name, or the supergraph does not compose with it
 */
export async function addSubgraph(names: Names, { install }: { install: boolean }): Promise<void> {
  for (const folder of [`subgraphs/${names.name}`, `prisma/${names.name}`]) {
    if (existsSync(join(REPOSITORY, folder)))
      throw new StartupError(`${folder} exists already; choose another name`);
  }
  const edited = new Map<string, string>();
  for (const [file, edit] of EDITS)
    edited.set(file, edit(await readFile(join(REPOSITORY, file), 'utf8'), names));
  const supergraph = join(REPOSITORY, 'supergraph.yaml');
  const config = parseDocument(await readFile(supergraph, 'utf8'));
  const port = nextPort(config.toJS());
  names.PORT = String(port);
  names.ADMIN_PORT = String(port + 10);
  config.setIn(['subgraphs', names.name], config.createNode(entryOf(names, port)));

  await step('Writing files', async () => {
    await copyTemplate(names);
    await writeFile(supergraph, config.toString({ lineWidth: 0 }));
    for (const [file, text] of edited) await writeFile(join(REPOSITORY, file), text);
  });
  if (install) {
    await step('npm install', () =>
      runHere('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']),
    );
    recordInstall(REPOSITORY);
  }
  await step('Generating code', async () => {
    await runHere(process.execPath, ['prisma/generate.mjs']);
    await run(process.execPath, ['../../scripts/generate-types.mjs'], {
      cwd: join(REPOSITORY, 'subgraphs', names.name),
    });
  });
  await step('Composing', () => runHere(process.execPath, [...SOURCE, 'gateway/src/cli/compose.ts']));
  await step('Settings and more in the documents', () =>
    runHere(process.execPath, [...SOURCE, 'packages/stack/src/cli/settings-table.ts']),
  );
  // The names decide how imports sort and where lines break.
  await runHere(process.execPath, [
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--write',
    `subgraphs/${names.name}`,
  ]);
}

const entryOf = ({ name }: Names, port: number) => ({
  routing_url: `http://127.0.0.1:${port}/graphql`,
  schema: { file: `subgraphs/${name}/schema.graphql` },
});

/** The first port after those of the other subgraphs. */
function nextPort(config: { subgraphs: Record<string, { routing_url: string }> }): number {
  const ports = Object.values(config.subgraphs).flatMap(({ routing_url }) =>
    URL.canParse(routing_url) ? [Number(new URL(routing_url).port)] : [],
  );
  return Math.max(4_000, ...ports) + 1;
}

async function copyTemplate(names: Names): Promise<void> {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const source = join(entry.parentPath, entry.name);
    const target = join(REPOSITORY, fill(source.slice(TEMPLATE.length), names));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, fill(await readFile(source, 'utf8'), names));
  }
}

const fill = (text: string, names: Names): string =>
  text.replaceAll(/__(\w+?)__/g, (placeholder, key: string) => names[key as keyof Names] ?? placeholder);

async function runHere(command: string, args: string[]): Promise<void> {
  try {
    await run(command, args, { cwd: REPOSITORY });
  } catch (error) {
    throw new StartupError(((error as { stderr?: string }).stderr || (error as Error).message).trim());
  }
}
