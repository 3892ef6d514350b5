import type { PrismaClient } from '@tributary/prisma/products/client';
import type { AuditTrail, Eviction, Evictions } from '@tributary/subgraph-kit';
import type { Transaction } from '../catalogue/product-lock.ts';
import { createAgreement } from './agreement.ts';
import { Overtaken } from './batch-state.ts';
import { type BadRow, checkRow, type ImportRow } from './import-row.ts';
import { type ImportFormat, readRows } from './read-rows.ts';
import { type BatchOutcome, writeBatch } from './write-batch.ts';

/** How many rows of a file were read, and what became of them. */
export interface ImportCounts {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  bad: number;
}

export interface ImportOptions {
  /** The file's bytes. */
  source: AsyncIterable<Uint8Array>;
  format: ImportFormat;
  /** Who is written down to have changed the catalogue. */
  audit: AuditTrail;
  /** Has what was kept of the catalogue forgotten. */
  evictions: Evictions;
  /** The row of `import_runs`; null for a trial, which changes nothing. */
  runId: string | null;
  /** Ends the import between two batches. */
  signal?: AbortSignal | undefined;
  /** Told of each batch in its transaction. */
  onChange?(tx: Transaction, batch: BatchReport): Promise<void>;
  /** Told of each batch after its commit. */
  onBatch?(batch: BatchReport): Promise<void> | void;
}

/** What is known after a batch. */
export interface BatchReport {
  /** Of the whole file so far. */
  total: Readonly<ImportCounts>;
  /** Of this batch. */
  batch: Readonly<ImportCounts>;
  /** Those of this batch, by line. */
  badRows: readonly BadRow[];
}

const BATCH = 500; // rows, and as many bad ones at most
const TRIES = 10; // of a batch that others come between
const TIMEOUT = 60_000; // 60 seconds for a batch, which may wait for others

/**
 * Brings the catalogue to what a file says of it: variants are found by their sku, products by their slug, and what the
 * file does not name stays. Rows that are bad are left out and told of. The same file again changes nothing.
 *
 * Each batch is a transaction of its own; an import that ended early leaves whole batches behind, and is completed by
 * running it again.
 *
 * @throws UnusableFile when nothing can be read from the file
 */
export async function importCatalogue(prisma: PrismaClient, options: ImportOptions): Promise<ImportCounts> {
  const agreement = createAgreement();
  let total: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, bad: 0 };
  for await (const { rows, bad } of batches(options)) {
    options.signal?.throwIfAborted();
    const report = await persistently(() =>
      transact(prisma, options, async (tx) => {
        const outcome = await writeBatch(tx, rows, agreement, options.runId);
        const next = reportOf(total, bad, outcome);
        await writeDown(tx, options, next, outcome.eviction);
        return next;
      }),
    );
    total = report.total;
    await options.onBatch?.(report);
  }
  return total;
}

interface Batch {
  rows: ImportRow[];
  bad: BadRow[];
}

async function* batches({ source, format }: ImportOptions): AsyncGenerator<Batch> {
  let batch: Batch = { rows: [], bad: [] };
  for await (const found of readRows(source, format)) {
    const checked = 'reason' in found ? found : checkRow(found.line, found.row);
    if ('reason' in checked) batch.bad.push(checked);
    else batch.rows.push(checked);
    if (batch.rows.length < BATCH && batch.bad.length < BATCH) continue;
    yield batch;
    batch = { rows: [], bad: [] };
  }
  if (batch.rows.length + batch.bad.length > 0) yield batch;
}

function reportOf(before: ImportCounts, unread: readonly BadRow[], outcome: BatchOutcome): BatchReport {
  const badRows = [...unread, ...outcome.bad].sort((a, b) => a.line - b.line);
  const { created, updated, unchanged } = outcome;
  const bad = badRows.length;
  const batch = { rows: created + updated + unchanged + bad, created, updated, unchanged, bad };
  return { total: sum(before, batch), batch, badRows };
}

const sum = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  rows: a.rows + b.rows,
  created: a.created + b.created,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  bad: a.bad + b.bad,
});

async function writeDown(
  tx: Transaction,
  options: ImportOptions,
  report: BatchReport,
  eviction: Eviction,
): Promise<void> {
  const { audit, evictions, runId } = options;
  const { created, updated } = report.batch;
  if (runId !== null && created + updated > 0) {
    const event = { action: 'catalogue.import', subjectType: 'ImportRun', subjectId: runId };
    await audit.record(tx, { ...event, details: { created, updated } });
    await evictions.add(tx, eviction);
  }
  await options.onChange?.(tx, report);
}

/** Carries what a trial found out of the transaction that it rolls back. */
class TrialEnded extends Error {
  readonly report: BatchReport;

  constructor(report: BatchReport) {
    super('a trial is rolled back');
    this.report = report;
  }
}

async function transact(
  prisma: PrismaClient,
  { runId }: ImportOptions,
  write: (tx: Transaction) => Promise<BatchReport>,
): Promise<BatchReport> {
  try {
    return await prisma.$transaction(
      async (tx) => {
        const report = await write(tx);
        if (runId === null) throw new TrialEnded(report);
        return report;
      },
      { timeout: TIMEOUT, maxWait: TIMEOUT },
    );
  } catch (error) {
    if (error instanceof TrialEnded) return error.report;
    throw error;
  }
}

/** Tries again what others came between; changes that lock in another order than imports may have to give way too. */
async function persistently<Value>(run: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === TRIES || !(error instanceof Overtaken || isDeadlock(error))) throw error;
    }
  }
}

const isDeadlock = (error: unknown): boolean =>
  error instanceof Error &&
  ((error as { code?: unknown }).code === 'P2034' || /\b40P01\b|deadlock detected/.test(error.message));
