import { resolve } from 'node:path';
import { databaseSetting, migrate, openDatabases, REPOSITORY } from '@tributary/database';
import { exitWith, readDataRegion, StartupError } from '@tributary/platform';
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

async function withDatabases(use: (urls: Urls) => Promise<void>): Promise<void> {
  const databases = DATABASES.map((name) => ({ name, setting: databaseSetting(name) }));
  const { urlOf, stop } = await openDatabases(databases, process.env);
  try {
    const urls = Object.fromEntries(databases.map((database) => [database.name, urlOf(database)])) as Urls;
    await Promise.race([use(urls), interruption()]);
  } finally {
    await stop();
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

async function seed(urls: Urls, { scale, reset }: Arguments): Promise<void> {
  const region = readDataRegion(process.env);
  for (const database of DATABASES) {
    const schemaDir = resolve(REPOSITORY, 'prisma', database);
    await migrate({ url: urls[database], schemaDir, setting: databaseSetting(database), region });
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
