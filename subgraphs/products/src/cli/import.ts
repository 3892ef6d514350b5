import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { databaseSetting, migrate, openDatabases, REPOSITORY } from '@tributary/database';
import { createMetrics, exitWith, readDataRegion, StartupError } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/products/client';
import { connectDatabase, createAuditTrail, createEvictions, evictsCaches } from '@tributary/subgraph-kit';
import { type ImportCounts, importCatalogue } from '../services/import/import-catalogue.ts';
import { startLocalRun } from '../services/import/import-run.service.ts';
import { reasonOf } from '../services/import/perform-import.ts';
import { UnusableFile } from '../services/import/read-rows.ts';
import { followRun } from '../services/import/run-progress.ts';
import { type Arguments, HELP, readArguments } from './arguments.ts';
import { openBadRows } from './bad-rows.ts';
import { type ProgressDisplay, showProgress } from './progress-display.ts';
import { summaryTable } from './summary.ts';

const SOME_BAD = 2; // exit code
const DATABASE = { name: 'products', setting: databaseSetting('products') };

async function main(): Promise<void> {
  const options = readArguments();
  if (options === null) return void process.stdout.write(HELP);
  const size = await sizeOf(options.file);
  const { urlOf, stop } = await openDatabases([DATABASE], process.env);
  try {
    const counts = await importInto(urlOf(DATABASE), size, options);
    if (counts.bad > 0) process.exitCode = SOME_BAD;
  } finally {
    await stop();
  }
}

/** @throws StartupError when there is no such file */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new StartupError(`${file}: there is no such file`);
  return found.size;
}

/** @param size - bytes of the file */
async function importInto(url: string, size: number, options: Arguments): Promise<ImportCounts> {
  const schemaDir = resolve(REPOSITORY, 'prisma', DATABASE.name);
  await migrate({ url, schemaDir, setting: DATABASE.setting, region: readDataRegion(process.env) });
  const database = connectDatabase({
    url,
    poolSize: 1,
    metrics: createMetrics('import'),
    createClient: (made) => new PrismaClient(made),
  });
  const badRows = await openBadRows(options.report);
  const display = showProgress(process.stdout);
  const started = performance.now();
  try {
    const counts = await read(database.prisma, options, size, display, badRows.add).finally(display.stop);
    process.stdout.write(`${summaryTable(counts, badRows.first, performance.now() - started)}\n`);
    if (options.dryRun) process.stdout.write('nothing was changed: --dry-run\n');
    return counts;
  } finally {
    await badRows.close();
    await database.close();
  }
}

async function read(
  prisma: PrismaClient<'query'>,
  { file, format, dryRun }: Arguments,
  size: number,
  display: ProgressDisplay,
  addBadRows: Awaited<ReturnType<typeof openBadRows>>['add'],
): Promise<ImportCounts> {
  const requestId = randomUUID();
  const runId = dryRun ? null : await startLocalRun(prisma, format, requestId);
  const progress = runId === null ? null : followRun(prisma, runId);
  const source = createReadStream(file);
  try {
    const counts = await importCatalogue(prisma, {
      source,
      format,
      runId,
      audit: createAuditTrail(prisma, { viewer: null, service: 'import', requestId }),
      // The service that works on this database tells the gateways, if the same settings let it.
      evictions: createEvictions(evictsCaches(process.env)),
      signal: interruption(),
      ...(progress && { onChange: progress.add }),
      async onBatch(report) {
        progress?.committed(report);
        await addBadRows(report.badRows);
        display.update({ read: source.bytesRead, size, rows: report.total.rows });
      },
    });
    await progress?.end(null);
    return counts;
  } catch (error) {
    await progress?.end(reasonOf(error));
    throw error instanceof UnusableFile ? new StartupError(`${file}: ${error.message}`) : error;
  }
}

/** Aborted when the command is told to end: after the batch that is being written. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const end = () =>
    controller.abort(
      new StartupError('interrupted; what was written stays, and importing again completes it'),
    );
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  return controller.signal;
}

await main().catch(exitWith);
