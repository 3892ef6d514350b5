import { resolve } from 'node:path';
import {
  databaseSetting,
  type EmbeddedPostgres,
  embeddedOptions,
  migrate,
  REPOSITORY,
  useEmbeddedPostgres,
} from '@tributary/database';
import { exitWith, StartupError } from '@tributary/platform';
import { type Arguments, HELP, readArguments } from './arguments.ts';
import { DATABASES, type Database } from './dataset.ts';
import { showProgress } from './progress-display.ts';
import { seedAll } from './seed-all.ts';
import { summaryTable } from './summary.ts';

type Urls = Record<Database, string>;

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await withDatabases((urls) => seed(urls, options));
}

/** Has the embedded server running if one of the databases is in it. */
async function withDatabases(use: (urls: Urls) => Promise<void>): Promise<void> {
  const needed = DATABASES.some((database) => !process.env[databaseSetting(database)]);
  const server = needed ? await useEmbeddedPostgres(embeddedOptions(process.env, REPOSITORY)) : undefined;
  try {
    const work = use({
      users: urlOf('users', server),
      products: urlOf('products', server),
      orders: urlOf('orders', server),
    });
    await Promise.race([work, interruption()]);
  } finally {
    await server?.stop();
  }
}

/** Rejects when the command is told to end, so that the server it started ends with it. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    const end = () =>
      reject(new StartupError('interrupted; the database that was being written is as it was before'));
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
}

function urlOf(database: Database, server: EmbeddedPostgres | undefined): string {
  const url = process.env[databaseSetting(database)] || server?.url(database);
  if (!url) throw new Error(`no server was started for ${database}`);
  return url;
}

async function seed(urls: Urls, { scale, reset }: Arguments): Promise<void> {
  for (const database of DATABASES) {
    const schemaDir = resolve(REPOSITORY, 'prisma', database);
    await migrate({ url: urls[database], schemaDir, setting: databaseSetting(database) });
  }
  const started = performance.now();
  const display = showProgress(process.stdout);
  const summary = await seedAll({ urls, scale, reset, onProgress: display.update }).finally(display.stop);
  process.stdout.write(`${summaryTable(summary)}\n`);
  const took = ((performance.now() - started) / 1_000).toFixed(1);
  const isLeft = DATABASES.some((database) => summary[database].skipped);
  process.stdout.write(
    `scale ${scale}, ${took} s${isLeft ? '; --reset replaces the rows that are there' : ''}\n`,
  );
}

await main().catch(exitWith);
