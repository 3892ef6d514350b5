import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseSetting, REPOSITORY } from '@tributary/database';
import { createRelayMetrics } from '@tributary/domain-events';
import { readSettings, startGateway } from '@tributary/gateway';
import { createJobMetrics } from '@tributary/jobs';
import type { Registry } from '@tributary/platform';
import { parse, stringify } from 'yaml';
import { loadSubgraph, portSettingsOf, subgraphNames } from '../parts/subgraphs.ts';
import { type DescribedMetric, describeMetrics } from './described-metric.ts';

/** The metrics of what is called alike. */
export interface MetricsTable {
  title: string;
  metrics: readonly DescribedMetric[];
}

const QUIET = { NODE_ENV: 'test', LOG_LEVEL: 'silent', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' };
/** Nobody is there, and nobody is needed: connections are made when something is asked for. */
const NOWHERE = { postgres: 'postgresql://nobody@127.0.0.1:1/none', redis: 'redis://127.0.0.1:1' };

/**
 * The metrics of all services, read from the registries of services that were started for it, with all that can be turned
 * on. What they have in common comes first, once.
 */
export async function metricsOfServices(): Promise<MetricsTable[]> {
  const gateway = await metricsOfGateway();
  const subgraphs: MetricsTable[] = [];
  for (const name of subgraphNames())
    subgraphs.push({ title: `Subgraph ${name}`, metrics: await metricsOfSubgraph(name) });
  const everywhere = inAll([gateway, ...subgraphs.map(({ metrics }) => metrics)]);
  const inSubgraphs = inAll(subgraphs.map(({ metrics }) => metrics));
  return [
    { title: 'Every service', metrics: everywhere },
    { title: 'Gateway', metrics: without(gateway, everywhere) },
    { title: 'Every subgraph', metrics: without(inSubgraphs, everywhere) },
    ...subgraphs.map(({ title, metrics }) => ({ title, metrics: without(metrics, inSubgraphs) })),
  ].filter(({ metrics }) => metrics.length > 0);
}

async function metricsOfGateway(): Promise<DescribedMetric[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-metrics-'));
  try {
    const given = parse(await readFile(join(REPOSITORY, 'gateway.yaml'), 'utf8')) as object;
    const file = { ...given, persisted_operations: { manifest: 'operations.json', mode: 'log' } };
    await writeFile(join(folder, 'operations.json'), '{}');
    await writeFile(join(folder, 'gateway.yaml'), stringify(file));
    const gateway = await startGateway(
      readSettings({
        ...QUIET,
        SUPERGRAPH: join(REPOSITORY, 'supergraph.graphql'),
        GATEWAY_CONFIG: join(folder, 'gateway.yaml'),
      }),
    );
    return await described(gateway);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function metricsOfSubgraph(name: string): Promise<DescribedMetric[]> {
  const { readSettings: read, start } = await loadSubgraph(name);
  const settings = read({
    ...QUIET,
    [databaseSetting(name)]: NOWHERE.postgres,
    [databaseSetting(name).replace(/_URL$/, '_REPLICA_URLS')]: NOWHERE.postgres,
    REDIS_URL: NOWHERE.redis,
    // A worker and a relay need a database from the start.
    JOB_CONCURRENCY: '0',
  });
  const subgraph = await start(settings, portSettingsOf(name));
  createJobMetrics(subgraph.metrics, async () => null);
  createRelayMetrics(subgraph.metrics, async () => null);
  return described(subgraph);
}

async function described(service: { metrics: Registry; close(): Promise<void> }): Promise<DescribedMetric[]> {
  const metrics = describeMetrics(service.metrics);
  await service.close();
  return metrics;
}

const inAll = (services: readonly (readonly DescribedMetric[])[]): DescribedMetric[] =>
  services.reduce<DescribedMetric[]>(
    (common, metrics) => common.filter((metric) => has(metrics, metric)),
    [...(services[0] ?? [])],
  );

const without = (metrics: readonly DescribedMetric[], known: readonly DescribedMetric[]): DescribedMetric[] =>
  metrics.filter((metric) => !has(known, metric));

const has = (metrics: readonly DescribedMetric[], { name, help }: DescribedMetric): boolean =>
  metrics.some((other) => other.name === name && other.help === help);
