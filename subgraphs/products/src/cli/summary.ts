import type { ImportCounts } from '../services/import/import-catalogue.ts';
import type { BadRow } from '../services/import/import-row.ts';

/** What became of a file, as a table of text, and its first bad rows. */
export function summaryTable(counts: ImportCounts, firstBad: readonly BadRow[], ms: number): string {
  const rows: [string, string][] = [
    ['rows', grouped(counts.rows)],
    ['created', grouped(counts.created)],
    ['updated', grouped(counts.updated)],
    ['unchanged', grouped(counts.unchanged)],
    ['bad', grouped(counts.bad)],
    ['time', `${(ms / 1_000).toFixed(1)} s`],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map(
    ([name, value]) => `${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}`,
  );
  const bad = firstBad.map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = counts.bad - bad.length;
  return [...bad, ...(more > 0 ? [`and ${grouped(more)} more bad rows`] : []), ...table].join('\n');
}

const grouped = (count: number): string => count.toLocaleString('en-US');
