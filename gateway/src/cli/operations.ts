import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { readGatewayFile } from '../gateway-file.ts';
import { checkOperations, type OperationProblem } from '../persisted-operations/check.ts';
import { type PersistedOperation, readManifests } from '../persisted-operations/manifest.ts';
import { loadSupergraph } from '../supergraph/source.ts';

const HELP = `Checks that the supergraph can run each operation that clients were built with.

Usage: npm run operations -- check [--manifest FILE]… [--supergraph FILE] [--config FILE]

  --manifest FILE    a manifest of Apollo's or Relay's; can be given again  (those of the configuration file)
  --supergraph FILE  supergraph SDL, or a supergraph.yaml to compose        (supergraph.yaml)
  --config FILE      the configuration file                                 (gateway.yaml)
  --help             show this

An operation that cannot be parsed, is not valid, or cannot be planned ends it with 1.
`;

async function main(): Promise<void> {
  const { values, positionals } = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length !== 1 || positionals[0] !== 'check')
    throw new StartupError('say what to do: `npm run operations -- check`');
  const { snapshot } = await loadSupergraph(values.supergraph);
  const config = values.config ?? (existsSync('gateway.yaml') ? 'gateway.yaml' : undefined);
  const manifests = values.manifest?.map((path) => resolve(path)) ?? (await configured(config, snapshot));
  const { all } = await readManifests(manifests);
  const problems = await checkOperations(snapshot.sdl, all);
  process.stdout.write(tableOf(all, problems));
  if (problems.length === 0) return;
  for (const problem of problems) process.stderr.write(`${lineOf(problem)}\n`);
  const broken = new Set(problems.map(({ operation }) => operation)).size;
  throw new StartupError(`${broken} of ${all.length} operations cannot be run`);
}

function readOptions() {
  return parseArguments({
    allowPositionals: true,
    options: {
      manifest: { type: 'string', multiple: true },
      supergraph: { type: 'string', default: 'supergraph.yaml' },
      config: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
}

async function configured(
  config: string | undefined,
  supergraph: Parameters<typeof readGatewayFile>[1],
): Promise<readonly string[]> {
  const file = await readGatewayFile(config, supergraph, { timeout: 1, shareFetches: false });
  if (!file.persistedOperations)
    throw new StartupError(
      'no manifest: give one with --manifest, or set persisted_operations in gateway.yaml',
    );
  return file.persistedOperations.manifests;
}

const nameOf = ({ name, id }: PersistedOperation) => name ?? id;

function tableOf(all: readonly PersistedOperation[], problems: readonly OperationProblem[]): string {
  const broken = new Set(problems.map(({ operation }) => operation));
  const width = Math.max(...all.map((operation) => nameOf(operation).length), 0);
  const lines = all.map(
    (operation) =>
      `${broken.has(operation) ? 'fails' : 'ok   '}  ${nameOf(operation).padEnd(width)}  ${operation.file}\n`,
  );
  return `${lines.join('')}${all.length} operations, ${broken.size} broken\n`;
}

const lineOf = ({ operation, message, location }: OperationProblem) =>
  `${operation.file} ${nameOf(operation)}${location ? `:${location.line}:${location.column}` : ''}: ${message}`;

await main().catch(exitWith);
