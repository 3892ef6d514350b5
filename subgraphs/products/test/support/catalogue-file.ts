import { createHash } from 'node:crypto';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { createAuditTrail, createEvictions } from '@tributary/subgraph-kit';
import { type ImportCounts, importCatalogue } from '../../src/services/import/import-catalogue.ts';
import type { BadRow } from '../../src/services/import/import-row.ts';
import { startLocalRun } from '../../src/services/import/import-run.service.ts';

/** The columns of a file, in the order of these tests. */
export const COLUMNS = [
  'product_slug',
  'product_title',
  'description',
  'category_slug',
  'status',
  'sku',
  'variant_title',
  'price',
  'currency',
  'on_hand',
] as const;

export type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** A CSV file of rows; what a row does not say is a lamp for USD 10.00. */
export function csvFile(rows: readonly Cells[]): string {
  const lamp: Cells = { product_title: 'Lamp', variant_title: 'Standard', price: '10.00', currency: 'USD' };
  const lines = rows.map((row) => {
    const cells: Cells = { ...lamp, ...row };
    return COLUMNS.map((column) => quoted(cells[column] ?? '')).join(',');
  });
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Imports a CSV file, as `npm run import` does. */
export async function importCsv(
  prisma: PrismaClient,
  file: string,
): Promise<ImportCounts & { runId: string; badRows: BadRow[] }> {
  const requestId = 'test';
  const runId = await startLocalRun(prisma, 'CSV', requestId);
  const badRows: BadRow[] = [];
  async function* source() {
    yield Buffer.from(file);
  }
  const counts = await importCatalogue(prisma, {
    source: source(),
    format: 'CSV',
    runId,
    audit: createAuditTrail(prisma, { viewer: null, service: 'import', requestId }),
    evictions: createEvictions(false),
    onBatch: (report) => void badRows.push(...report.badRows),
  });
  return { ...counts, runId, badRows };
}

/** Of everything that an import writes of the catalogue, times included. */
export async function catalogueHash(prisma: PrismaClient): Promise<string> {
  const hash = createHash('sha256');
  for (const table of ['products', 'product_variants', 'inventory', 'inventory_adjustments', 'audit_log']) {
    const [row] = await prisma.$queryRawUnsafe<{ hash: string | null }[]>(
      `SELECT md5(string_agg(md5(t::text), ',' ORDER BY t::text)) AS hash FROM ${table} t`,
    );
    hash.update(`${table} ${row?.hash}`);
  }
  return hash.digest('hex');
}

/** A catalogue of so many variants, four for each product. */
export const manyRows = (count: number): Cells[] =>
  Array.from({ length: count }, (_, n) => ({
    product_slug: `thing-${Math.floor(n / 4)}`,
    product_title: `Thing ${Math.floor(n / 4)}`,
    description: 'Made of wood, "by hand".',
    status: 'ACTIVE',
    sku: `THING-${n}`,
    variant_title: `Size ${n % 4}`,
    price: `${1 + (n % 90)}.99`,
    on_hand: String(n % 50),
  }));
