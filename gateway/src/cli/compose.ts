import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { composeSupergraph } from '../supergraph/composition.ts';

const HELP = `Composes the subgraphs' schemas into one supergraph, and writes it to a file.

Usage: npm run compose [-- --config FILE --output FILE --check]

  --config FILE  the supergraph.yaml to compose              (supergraph.yaml)
  --output FILE  where to write the supergraph's SDL         (supergraph.graphql)
  --check        write nothing; exit with 1 when a file is not up to date
  --help         show this

The schema of a subgraph with the routing URL local:node is generated from the others, and written too.
An error or a hint of composition ends it with 1.
`;

interface GeneratedFile {
  path: string;
  content: string;
}

async function main(): Promise<void> {
  const { config, output, check, help } = readOptions();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const { supergraphSdl, nodeSchema, files } = await composeSupergraph(config);
  const generated: GeneratedFile[] = [
    ...(nodeSchema ? [{ path: nodeSchema.file, content: nodeSchema.sdl }] : []),
    { path: resolve(output), content: supergraphSdl },
  ];
  const stale = await filter(generated, async ({ path, content }) => (await contentOf(path)) !== content);
  if (check && stale.length > 0) {
    throw new StartupError(
      `not up to date: ${stale.map(({ path }) => relative('.', path)).join(', ')}; run \`npm run compose\``,
    );
  }
  if (!check) await Promise.all(stale.map(({ path, content }) => writeFile(path, content)));
  process.stdout.write(
    `${relative('.', config)} composes: ${files.length - 1} schemas, no errors, no hints\n`,
  );
  for (const file of generated) {
    process.stdout.write(
      `${relative('.', file.path)} ${stale.includes(file) ? 'written' : 'is up to date'}\n`,
    );
  }
}

function readOptions() {
  return parseArguments({
    options: {
      config: { type: 'string', default: 'supergraph.yaml' },
      output: { type: 'string', default: 'supergraph.graphql' },
      check: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values;
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function filter<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_item, index) => kept[index]);
}

await main().catch(exitWith);
