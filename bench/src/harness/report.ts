import Table from 'cli-table3';
import type { BenchResult } from './bench.ts';

const HEAD = [
  'scenario',
  'server',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'CPU ms/request',
  'RSS MB',
  'SQL/request',
];

/** A benchmark's result for people: a table of the rows, and the ratios below it. */
export function resultTables({ rows, ratios }: BenchResult): string {
  const plain = { style: { head: [], border: [] } };
  const table = new Table({
    head: HEAD,
    colAligns: ['left', 'left', ...HEAD.slice(2).map(() => 'right' as const)],
    ...plain,
  });
  table.push(
    ...rows.map(({ scenario, name, ...row }) => [
      scenario,
      name,
      row.rps,
      row.p50,
      row.p99,
      row.cpuMs,
      row.rssMB,
      row.statements,
    ]),
  );
  const summary = new Table({
    head: ['requests/s, ours over the peer’s', 'ratio'],
    colAligns: ['left', 'right'],
    ...plain,
  });
  summary.push(...Object.entries(ratios).map(([name, ratio]) => [name, ratio.toFixed(2)]));
  return `${table}\n${summary}`;
}
