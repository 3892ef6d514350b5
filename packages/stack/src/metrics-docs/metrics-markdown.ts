import { StartupError } from '@tributary/platform';
import { table } from '../documents/between-markers.ts';
import type { DescribedMetric } from './described-metric.ts';
import type { MetricsTable } from './metrics-of-services.ts';
import { OCCASIONS } from './occasions.ts';

/**
 * One Markdown table for each kind of service.
 *
 * @throws StartupError naming every metric of which nobody said when to look at it, and every one that is no more
 */
export function metricsMarkdown(tables: readonly MetricsTable[]): string {
  const names = new Set(tables.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const problems = [
    ...[...names].filter((name) => !Object.hasOwn(OCCASIONS, name)).map((name) => `${name} is not in it`),
    ...Object.keys(OCCASIONS)
      .filter((name) => !names.has(name))
      .map((name) => `no service has ${name}`),
  ];
  if (problems.length > 0)
    throw new StartupError(`packages/stack/src/metrics-docs/occasions.ts: ${problems.join('; ')}`);
  return tables
    .map(({ title, metrics }) => [`## ${title}`, '', table(HEAD, metrics.map(row))].join('\n'))
    .join('\n\n');
}

const HEAD = ['Metric', 'Type', 'What it says', 'When to look at it'];

const row = ({ name, type, labels, help }: DescribedMetric): string[] => [
  `\`${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''}\``,
  type,
  help,
  OCCASIONS[name] ?? '',
];
