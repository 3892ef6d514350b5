import Table from 'cli-table3';
import type { BenchResult } from './bench.ts';

/** Columns of figures; the last ones only where somebody counted them. */
const COLUMNS = [
  ['rps', 'requests/s'],
  ['p50', 'p50 ms'],
  ['p99', 'p99 ms'],
  ['cpuMs', 'CPU ms/request'],
  ['rssMB', 'RSS MB'],
  ['statements', 'SQL/request'],
  ['fetches', 'fetches/request'],
  ['loadCpuMs', 'load’s CPU ms/request'],
  ['lastMs', 'to the last ms'],
  ['listenerKB', 'kB/listener'],
  ['status', 'HTTP'],
  ['blockedMs', 'others held up ms'],
  ['refused', 'part refused'],
  ['lost', 'part not answered'],
] as const;

/** A benchmark's result for people: a table of the rows, the ratios below it, and what was left out. */
export function resultTables({ rows, ratios, excluded = [] }: BenchResult): string {
  const plain = { style: { head: [], border: [] } };
  const columns = COLUMNS.filter(([figure]) => figure === 'rps' || rows.some((row) => row[figure]));
  const table = new Table({
    head: ['scenario', 'server', ...columns.map(([, title]) => title)],
    colAligns: ['left', 'left', ...columns.map(() => 'right' as const)],
    ...plain,
  });
  table.push(...rows.map((row) => [row.scenario, row.name, ...columns.map(([figure]) => row[figure] ?? '')]));
  const summary = new Table({
    head: ['requests/s, ours over the peer’s', 'ratio'],
    colAligns: ['left', 'right'],
    ...plain,
  });
  summary.push(...Object.entries(ratios).map(([name, ratio]) => [name, ratio.toFixed(2)]));
  const left = excluded.map(
    ({ name, scenario, reason }) => `\nLeft out${scenario ? ` of ${scenario}` : ''}: ${name}: ${reason}`,
  );
  return `${table}\n${summary}${left.join('')}`;
}
