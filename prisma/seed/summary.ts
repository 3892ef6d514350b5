import { DATABASES } from './dataset.ts';
import type { SeedSummary } from './seed-all.ts';

/** The summary as a table of text: a line for each table, or one for a database that was left as it was. */
export function summaryTable(summary: SeedSummary): string {
  const body = DATABASES.flatMap((database) => {
    const { skipped, tables, ms } = summary[database];
    if (skipped) return [[database, 'has rows already', '', '']];
    const written = Object.entries(tables).map(([name, table]) => [
      database,
      name,
      grouped(table.rows),
      seconds(table.ms),
    ]);
    return [...written, [database, '(all, with statistics)', '', seconds(ms)]];
  });
  const rows = [['database', 'table', 'rows', 'time'], ...body];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
