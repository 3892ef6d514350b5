import type { Compared, Comparison } from './compare-results.ts';

/** Tables for a pull request. */
export const comparisonMarkdown = ({ bench, ratios, throughput, cpu }: Comparison): string =>
  [
    `### Benchmark \`${bench}\`: this against its base`,
    ...(ratios.length > 0
      ? [
          table('requests/s, ours over the peer’s', ratios, 3),
          'Both ran on the same machine, one after the other; the peer was measured beside us each time.',
        ]
      : []),
    `<details><summary>Each side by itself</summary>\n\n${table('requests/s', throughput, 1)}\n\n${table('CPU ms/request', cpu, 3)}\n\n</details>`,
  ].join('\n\n');

const table = (title: string, rows: readonly Compared[], digits: number): string =>
  [
    `| ${title} | base | this | this / base |`,
    '| --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ name, base, head, ratio }) =>
        `| ${name} | ${base.toFixed(digits)} | ${head.toFixed(digits)} | ${ratio.toFixed(2)} |`,
    ),
  ].join('\n');
