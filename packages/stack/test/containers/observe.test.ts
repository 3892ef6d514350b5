import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { parse } from 'yaml';
import { subgraphNames } from '../../src/parts/subgraphs.ts';
import { interpolate, readCompose } from './support/compose-file.ts';

/** What watches the graph, in docker-compose.yml. There is no engine here to run it: it is held against its own files. */
const compose = readCompose();
const observers = Object.entries(compose.services).filter(([, { profiles }]) =>
  profiles?.includes('observe'),
);
const portsOf = (name: string) => (compose.services[name]?.ports ?? []).map((port) => interpolate(port, {}));
const yamlOf = (file: string) => parse(readFileSync(join(REPOSITORY, file), 'utf8'));
/** Where a folder or file of the repository is in a container. */
const mounts = (name: string): Map<string, string> =>
  new Map(
    (compose.services[name]?.volumes ?? [])
      .map((volume) => volume.split(':') as [string, string])
      .map(([from, to]) => [to, from]),
  );

describe('the profile observe', () => {
  it('has all that watches the graph, and nothing of the graph', () => {
    expect(observers.map(([name]) => name).sort()).toEqual([
      'collector',
      'grafana',
      'jaeger',
      'mail',
      'prometheus',
    ]);
    for (const [, { profiles }] of observers) expect(profiles).toEqual(['observe']);
    for (const [, { depends_on = {} }] of Object.entries(compose.services))
      for (const [name] of observers) expect(depends_on).not.toHaveProperty(name);
  });

  it('runs pinned images, as little trusted as the services', () => {
    for (const [, service] of observers) {
      expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], restart: 'unless-stopped' });
    }
  });

  it('is seen from this machine only', () => {
    for (const [name, { networks }] of observers) {
      for (const port of portsOf(name)) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      expect(networks).toContain('backend');
      expect(networks?.includes('frontend')).toBe(portsOf(name).length > 0);
    }
    const hostPorts = Object.keys(compose.services)
      .flatMap(portsOf)
      .map((port) => port.split(':').at(-2));
    expect(new Set(hostPorts).size).toBe(hostPorts.length);
  });

  it('gives each what is there, and nobody a way to change it', () => {
    for (const [, { volumes = [] }] of observers) {
      for (const [from = '', , mode] of volumes.map((volume) => volume.split(':'))) {
        if (from.startsWith('./')) {
          expect(existsSync(join(REPOSITORY, from))).toBe(true);
          expect(mode).toBe('ro');
        } else expect(compose.volumes).toHaveProperty(from);
      }
    }
  });
});

describe('Prometheus', () => {
  it('asks every service by its name in the network, and finds its rules', () => {
    const { scrape_configs, rule_files } = yamlOf('deploy/prometheus/prometheus.yml');
    const asked = scrape_configs.map(
      ({ dns_sd_configs: [{ names }] }: { dns_sd_configs: [{ names: string[] }] }) => names[0],
    );
    expect(asked).toEqual(['gateway', ...subgraphNames()]);
    for (const name of asked) expect(compose.services).toHaveProperty(name);
    expect(mounts('prometheus').get('/etc/prometheus')).toBe('./deploy/prometheus');
    expect(compose.services.prometheus?.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    expect(rule_files).toEqual(['rules/*.yml']);
  });
});

describe('Grafana', () => {
  it('reads the dashboards and the data of the others', () => {
    expect(mounts('grafana').get('/etc/grafana/provisioning')).toBe('./deploy/grafana/provisioning');
    const [provider] = yamlOf('deploy/grafana/provisioning/dashboards/tributary.yml').providers;
    const folder = mounts('grafana').get(provider.options.path) ?? '';
    const dashboards = readdirSync(join(REPOSITORY, folder));
    expect(dashboards.length).toBeGreaterThan(3);
    const home = compose.services.grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH;
    expect(dashboards.map((file) => `${provider.options.path}/${file}`)).toContain(home);
    const { datasources } = yamlOf('deploy/grafana/provisioning/datasources/tributary.yml');
    for (const { type, url } of datasources) expect(new URL(url).hostname).toBe(type);
    expect(new URL(datasources[0].url).port).toBe(portsOf('prometheus')[0]?.split(':').at(-1));
  });
});

describe('the collector', () => {
  const collector = yamlOf('deploy/collector/config.yml');

  it('uses parts that it has, and keeps what failed or was slow', () => {
    const { receivers, processors, exporters } = collector.service.pipelines.traces;
    expect(Object.keys(collector.receivers)).toEqual(receivers);
    expect(Object.keys(collector.processors)).toEqual(processors);
    expect(Object.keys(collector.exporters)).toEqual(exporters);
    const policies = collector.processors.tail_sampling.policies.map(({ type }: { type: string }) => type);
    expect(policies).toEqual(['status_code', 'latency', 'probabilistic']);
  });

  it('is where .env.example sends traces, and reads its file', () => {
    const [to, from] = [...mounts('collector')][0] ?? ['', ''];
    expect(compose.services.collector?.command).toEqual([`--config=${to}`]);
    expect(statSync(join(REPOSITORY, from)).isFile()).toBe(true);
    const example = readFileSync(join(REPOSITORY, '.env.example'), 'utf8');
    const endpoint = /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(example)?.[1] ?? '';
    expect(new URL(endpoint).hostname).toBe('collector');
    expect(collector.receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${new URL(endpoint).port}`);
    for (const name of ['gateway', ...subgraphNames()]) {
      const { OTEL_EXPORTER_OTLP_ENDPOINT = '' } = compose.services[name]?.environment ?? {};
      expect(interpolate(OTEL_EXPORTER_OTLP_ENDPOINT, {})).toBe('');
      expect(interpolate(OTEL_EXPORTER_OTLP_ENDPOINT, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toBe(
        endpoint,
      );
    }
  });
});
