import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { migrationDrift, REPOSITORY, repositoryDatabases, startTemporaryPostgres } from '@tributary/database';
import { describeProblem, landedMigrations, migrationProblems } from '@tributary/database/safety';
import { step } from '../../../../scripts/step.mjs';
import { checkCacheHints } from '../cache-hints/check-hints.ts';

const HELP = `Usage: npm run check

Everything that can be said about the code without running it: format and lint, types, composition without
errors or hints, cache hints that keep for everybody only what everybody sees, generated files up to date,
migrations that lead to what the Prisma schemas say, and that can be applied while the shop is open.
"npm run format" mends the format.
`;

const tool = (path: string) => join('node_modules', path);
const SOURCE = ['--import', 'tsx', '--conditions=source'];

/** By name, Node's arguments. */
const COMMANDS: Record<string, string[]> = {
  'Format and lint': [tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'],
  Types: [tool('typescript/bin/tsc'), '-p', 'tsconfig.json'],
  'Types of the explorer': [tool('typescript/bin/tsc'), '-p', 'packages/explorer/tsconfig.json'],
  Composition: [...SOURCE, 'gateway/src/cli/compose.ts', '--check'],
  'Settings, error codes, metrics and alerts in the documents': [
    ...SOURCE,
    'packages/stack/src/cli/settings-table.ts',
    '--check',
  ],
};

if (process.argv.includes('--help')) process.stdout.write(HELP);
else await check();

async function check(): Promise<void> {
  const problems: string[] = [];
  const run = async (name: string, work: () => Promise<void>) => {
    await step(name, work).catch((error: Error) => problems.push(`${name}:\n${error.message}`));
  };
  for (const [name, args] of Object.entries(COMMANDS)) await run(name, () => runNode(args));
  await run('Cache hints', checkCacheHints);
  await run('Migrations without downtime', checkMigrationSafety);
  await run('Migrations', checkMigrations);
  if (problems.length === 0) return;
  process.stderr.write(`\n${problems.join('\n\n')}\n`);
  process.exitCode = 1;
}

function runNode(args: string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });
}

async function checkMigrationSafety(): Promise<void> {
  const landed = await landedMigrations(join(REPOSITORY, 'prisma'));
  const problems: string[] = [];
  for (const { name, schemaDir } of await repositoryDatabases()) {
    for (const problem of await migrationProblems(schemaDir, landed[name])) {
      problems.push(describeProblem({ ...problem, file: relative(REPOSITORY, problem.file) }));
    }
  }
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nSee docs/migrations.md`);
}

async function checkMigrations(): Promise<void> {
  const server = await startTemporaryPostgres();
  try {
    const shadowUrl = server.url('postgres');
    for (const { name, schemaDir } of await repositoryDatabases()) {
      const drift = await migrationDrift({ schemaDir, shadowUrl });
      if (drift) {
        throw new Error(
          `prisma/${name}/schema.prisma says more than its migrations; npm run db:new -- ${name} NAME\n${drift}`,
        );
      }
    }
  } finally {
    await server.stop();
  }
}
