import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY, repositoryDatabases } from '@tributary/database';
import {
  createHttpService,
  createLogger,
  createMetrics,
  loadConfig,
  shutdownTimes,
} from '@tributary/platform';
import type { IContainer } from 'kubernetes-models/v1';
import { parse } from 'yaml';
import { POD_METRICS } from '../src/objects/autoscaler.ts';
import { PORTS } from '../src/services/service.ts';
import { type Services, servicesOf } from '../src/services/services.ts';
import { readValues } from '../src/values/read-values.ts';
import { valuesOf } from '../src/values/schema.ts';
import { unknownFields, validate } from './support/api-schemas.ts';
import {
  EXAMPLE,
  environmentIn,
  type KubernetesObject,
  matches,
  objectsFor,
  podOf,
} from './support/cluster.ts';
import { isAllowed } from './support/network.ts';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<
    string,
    { environment?: Record<string, string>; command?: string[]; build?: { args: object } }
  >;
};

let objects: KubernetesObject[];
let services: Services;
beforeAll(async () => {
  objects = await objectsFor();
  services = await servicesOf(await readValues(EXAMPLE));
});

const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
const named = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name);
const all = () => [services.gateway, ...services.subgraphs];
const containerOf = (object: KubernetesObject): IContainer => podOf(object)?.spec.containers[0] as IContainer;

describe('every object', () => {
  it('is valid by the schemas of the API, without fields that do not exist', async () => {
    for (const object of objects) await validate(object);
    expect(unknownFields(objects)).toEqual([]);

    const [broken] = ofKind('Deployment').map((object) => structuredClone(object));
    if (!broken) throw new Error('there are no Deployments');
    broken.spec.template.spec.containers[0].readOnlyRootFilesytem = true;
    expect(unknownFields([broken])).toEqual([expect.stringContaining('readOnlyRootFilesytem')]);
    delete broken.spec.selector;
    await expect(validate(broken)).rejects.toThrow(/selector/);
  });

  it('has a name of its own, in the one namespace', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { kind, metadata } of objects)
      expect(metadata.namespace).toBe(kind === 'Namespace' ? undefined : 'tributary');
  });

  it('holds no secret', () => {
    const secrets = /SECRET$|PASSWORD|SIGNING_KEYS|DATABASE_URL|REDIS_URL|SMTP_URL/;
    for (const { env = [] } of ofKind('Deployment').map(containerOf))
      for (const { name, value } of env.filter((variable) => secrets.test(variable.name)))
        expect([name, value]).toEqual([name, undefined]);
    expect(ofKind('Secret')).toEqual([]);
  });
});

describe('the services', () => {
  it('are those of the repository, each in an image that the Dockerfile makes', () => {
    const inCompose = Object.entries(compose.services).flatMap(([name, { build }]) =>
      build && 'SERVICE' in (build.args ?? {}) && name !== 'payments' ? [[name, build.args]] : [],
    );
    expect(
      all()
        .map(({ name, source }) => [name, { SERVICE: source }])
        .sort(),
    ).toEqual(inCompose.sort());
    for (const { name, source } of all()) {
      expect(existsSync(join(REPOSITORY, source, 'src/main.ts'))).toBe(true);
      expect(containerOf(named('Deployment', name) as KubernetesObject).image).toBe(
        `ghcr.io/example/tributary/${name}:0.1.0`,
      );
    }
  });

  it('start by programs that a build has', () => {
    const commands = objects.flatMap((object) => {
      const pod = podOf(object)?.spec;
      return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].flatMap(
        ({ command }) => command ?? [],
      );
    });
    const programs = new Set(commands.filter((word) => word.endsWith('.js')));
    expect([...programs].sort()).toEqual(['gateway/dist/main.js', 'packages/database/dist/cli/migrate.js']);
    for (const program of programs)
      expect(existsSync(join(REPOSITORY, program.replace('dist/', 'src/').replace(/js$/, 'ts')))).toBe(true);
    expect(containerOf(named('Deployment', 'gateway') as KubernetesObject).command).toEqual(
      compose.services.gateway?.command,
    );
  });

  it('get settings that they know and accept, and no fewer than in docker-compose.yml', () => {
    for (const service of all()) {
      for (const name of service.database ? [service.name, `${service.name}-worker`] : [service.name]) {
        const environment = environmentIn(containerOf(named('Deployment', name) as KubernetesObject));
        expect(Object.keys(service.settingsSchema.shape)).toEqual(
          expect.arrayContaining(Object.keys(environment)),
        );
        const settings = loadConfig(service.settingsSchema, environment);
        expect(settings).toMatchObject({
          NODE_ENV: 'production',
          HOST: '0.0.0.0',
          PORT: 4000,
          ADMIN_PORT: 4010,
        });
        const expected = Object.keys(compose.services[service.name]?.environment ?? {}).filter(
          (setting) => !setting.endsWith('_DIRECT_URL'), // there is no PgBouncer in the example
        );
        const given =
          service.calls.length === 0
            ? [...Object.keys(environment), 'SUBGRAPH_URLS']
            : Object.keys(environment);
        expect(given).toEqual(expect.arrayContaining(expected));
        if (service.database)
          expect(settings).toMatchObject({ JOB_CONCURRENCY: name === service.name ? 0 : expect.any(Number) });
        if (name.endsWith('-worker')) expect(Number(settings.JOB_CONCURRENCY)).toBeGreaterThan(0);
      }
    }
  });

  it('know the way past PgBouncer, where there is one', async () => {
    const pooled = await objectsFor((values) => ({ ...values, pooler: { namespace: 'pooler', port: 6432 } }));
    for (const { name } of services.subgraphs) {
      const setting = `${name.toUpperCase()}_DATABASE_DIRECT_URL`;
      for (const deployment of [name, `${name}-worker`]) {
        const found = pooled.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
        expect(Object.keys(environmentIn(containerOf(found as KubernetesObject)))).toContain(setting);
        expect(
          Object.keys(environmentIn(containerOf(named('Deployment', deployment) as KubernetesObject))),
        ).not.toContain(setting);
      }
    }
    const policies = pooled.filter(({ kind }) => kind === 'NetworkPolicy');
    const pods = { labels: podOf(named('Deployment', 'orders') as KubernetesObject)?.labels ?? {} };
    expect(isAllowed(policies, pods, { namespace: 'pooler' }, 6432)).toBe(true);
    expect(isAllowed(ofKind('NetworkPolicy'), pods, { namespace: 'pooler' }, 6432)).toBe(false);
  });

  it('are all of one region, and so are the migrations', async () => {
    const inCanada = await objectsFor((values) => ({ ...values, region: 'ca' }));
    const regions = inCanada
      .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
      .map((object) => environmentIn(containerOf(object)).DATA_REGION);
    expect(regions.length).toBeGreaterThan(4);
    expect(new Set(regions)).toEqual(new Set(['ca']));
    const twoRegions = objectsFor((values) => ({
      ...values,
      services: { orders: { ...valuesOf(values, 'orders'), settings: { DATA_REGION: 'eu' } } },
    }));
    await expect(twoRegions).rejects.toThrow('services.orders.settings: DATA_REGION: is fixed here');
  });

  it('leave jobs to workers, whatever the values say of their number', async () => {
    const changed = await objectsFor((values) => ({
      ...values,
      services: { orders: { ...valuesOf(values, 'orders'), settings: { JOB_CONCURRENCY: '8' } } },
    }));
    const concurrencyOf = (name: string) => {
      const object = changed.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
      return environmentIn(containerOf(object as KubernetesObject)).JOB_CONCURRENCY;
    };
    expect([concurrencyOf('orders'), concurrencyOf('orders-worker')]).toEqual(['0', '8']);
  });

  it('find each secret in the Secret that the store fills', () => {
    for (const object of objects) {
      const pod = podOf(object)?.spec;
      for (const { env = [] } of [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]) {
        for (const reference of env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])) {
          const secret = ofKind('ExternalSecret').find(({ spec }) => spec.target.name === reference.name);
          const keys = secret?.spec.data.map(({ secretKey }: { secretKey: string }) => secretKey);
          expect(keys).toContain(reference.key);
        }
      }
    }
  });

  it('listen where the image, the Services and the probes say', async () => {
    const image = Object.fromEntries(
      [...read('Dockerfile').matchAll(/^\s+(PORT|ADMIN_PORT)=(\d+)/gm)].map((m) => [m[1], Number(m[2])]),
    );
    expect(image).toEqual({ PORT: PORTS.http, ADMIN_PORT: PORTS.admin });
    const http = createHttpService({
      HOST: '127.0.0.1',
      PORT: 0,
      ADMIN_PORT: 0,
      logger: createLogger({ name: 'probed', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
      metrics: createMetrics('probed'),
    });
    for (const object of ofKind('Deployment')) {
      const { ports, ...container } = containerOf(object);
      expect(ports).toEqual([
        { name: 'http', containerPort: PORTS.http },
        { name: 'admin', containerPort: PORTS.admin },
      ]);
      for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
        expect(probe?.httpGet?.port).toBe('http');
        expect((await http.app.inject(String(probe?.httpGet?.path))).statusCode).toBe(200);
      }
      expect([container.livenessProbe?.httpGet?.path, container.readinessProbe?.httpGet?.path]).toEqual([
        '/health/live',
        '/health/ready',
      ]);
    }
    const [endpoint] = named('PodMonitor', 'tributary')?.spec.podMetricsEndpoints ?? [];
    expect(endpoint.port).toBe('admin');
    const metrics = await http.admin.inject(endpoint.path);
    expect([metrics.statusCode, metrics.body.includes(POD_METRICS.loopDelay)]).toEqual([200, true]);
    await http.close();
  });

  it('are told apart by Prometheus as its rules tell them apart', () => {
    const { scrape_configs: jobs } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string }[];
    };
    const { jobLabel } = named('PodMonitor', 'tributary')?.spec ?? {};
    const scraped = ofKind('Deployment').map((object) => podOf(object)?.labels[jobLabel]);
    expect([...new Set(scraped)].sort()).toEqual(jobs.map(({ job_name: name }) => name).sort());
  });

  it('have the time to end that their settings give them', async () => {
    const slow = await objectsFor((values) => ({
      ...values,
      services: {
        ...values.services,
        gateway: { ...valuesOf(values, 'gateway'), settings: { SHUTDOWN_GRACE_MS: '45000' } },
      },
    }));
    for (const object of [...ofKind('Deployment'), ...slow.filter(({ kind }) => kind === 'Deployment')]) {
      const service = all().find(({ name }) => name === containerOf(object).name);
      const settings = loadConfig(service?.settingsSchema as never, environmentIn(containerOf(object)));
      const times = shutdownTimes(settings as Parameters<typeof shutdownTimes>[0]);
      const seconds = podOf(object)?.spec.terminationGracePeriodSeconds ?? 0;
      expect(seconds * 1_000).toBeGreaterThan(times.SHUTDOWN_DELAY_MS + times.SHUTDOWN_GRACE_MS);
    }
  });
});

describe('a rollout', () => {
  it('starts no pod before its database has the migrations that its image knows', async () => {
    const databases = (await repositoryDatabases()).map(({ name }) => name);
    expect(services.subgraphs.map(({ database }) => database).sort()).toEqual(databases);
    for (const { name } of services.subgraphs) {
      for (const object of [named('Deployment', name), named('Deployment', `${name}-worker`)]) {
        const pod = podOf(object as KubernetesObject)?.spec;
        const [container] = pod?.initContainers ?? [];
        expect(container?.image).toBe(pod?.containers[0]?.image);
        expect(container?.command).toEqual([
          'node',
          'packages/database/dist/cli/migrate.js',
          name,
          '--wait',
          expect.stringMatching(/^\d+$/),
        ]);
        expect(Number(container?.command?.at(-1))).toBeLessThan(object?.spec.progressDeadlineSeconds);
      }
    }
  });

  it('migrates by a Job for each version, with the settings that docker-compose.yml gives it', async () => {
    const [job] = ofKind('Job');
    const env = containerOf(job as KubernetesObject).env ?? [];
    expect(
      env
        .map(({ name }) => name)
        .filter((name) => name !== 'NODE_ENV')
        .sort(),
    ).toEqual(Object.keys(compose.services.migrate?.environment ?? {}).sort());
    const next = await objectsFor((values) => ({ ...values, image: { ...values.image, tag: '0.2.0' } }));
    const names = [...ofKind('Job'), ...next.filter(({ kind }) => kind === 'Job')].map(
      ({ metadata }) => metadata.name,
    );
    expect(new Set(names).size).toBe(2);
  });

  it('replaces a pod only when the next one is ready, and gives gateways the files of their version', () => {
    for (const { spec } of ofKind('Deployment')) {
      expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
      expect(spec.replicas).toBeUndefined(); // the autoscaler's
    }
    const [config] = ofKind('ConfigMap');
    const gateway = podOf(named('Deployment', 'gateway') as KubernetesObject)?.spec;
    expect(gateway?.volumes?.find(({ name }) => name === 'config')?.configMap?.name).toBe(
      config?.metadata.name,
    );
    const environment = environmentIn(gateway?.containers[0] as IContainer);
    const folder = gateway?.containers[0]?.volumeMounts?.find(({ name }) => name === 'config')?.mountPath;
    for (const file of [environment.SUPERGRAPH, environment.GATEWAY_CONFIG])
      expect(Object.keys(config?.data ?? {}).map((name) => `${folder}/${name}`)).toContain(file);
    expect(config?.data?.['supergraph.graphql']).toBe(read('supergraph.graphql'));
  });

  it('is scaled, spread and disrupted by selectors that mean its pods alone', () => {
    const pods = objects.flatMap((object) => podOf(object) ?? []);
    const meant = (selector: Record<string, string>) =>
      pods.filter(({ labels }) => matches(selector, labels));
    for (const deployment of ofKind('Deployment')) {
      const own = podOf(deployment);
      const { matchLabels } = deployment.spec.selector;
      expect(meant(matchLabels)).toEqual([own]);
      const scaler = named('HorizontalPodAutoscaler', deployment.metadata.name);
      expect(scaler?.spec.scaleTargetRef).toMatchObject({
        kind: 'Deployment',
        name: deployment.metadata.name,
      });
      const metrics = JSON.stringify(scaler?.spec.metrics);
      expect(metrics).toContain(
        deployment.metadata.name.endsWith('-worker') ? POD_METRICS.queueAge : POD_METRICS.loopDelay,
      );
      const budget = named('PodDisruptionBudget', deployment.metadata.name);
      expect(meant(budget?.spec.selector.matchLabels)).toEqual([own]);
      const spread = own?.spec.topologySpreadConstraints ?? [];
      expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
        'topology.kubernetes.io/zone',
        'kubernetes.io/hostname',
      ]);
      for (const { labelSelector } of spread) expect(labelSelector?.matchLabels).toEqual(matchLabels);
    }
    for (const service of ofKind('Service'))
      expect(meant(service.spec.selector)).toEqual([
        podOf(named('Deployment', service.metadata.name) as never),
      ]);
  });
});

it('docs/deployment.md has the rules for each metric that Prometheus Adapter has to serve', () => {
  const { rules } = parse(/^rules:\n[\s\S]*?(?=^```)/m.exec(read('docs/deployment.md'))?.[0] ?? '') as {
    rules: { custom: { seriesQuery: string; name: { as: string } }[] };
  };
  expect(rules.custom.map(({ name }) => name.as).sort()).toEqual(Object.values(POD_METRICS).sort());
  for (const { seriesQuery, name } of rules.custom) expect(seriesQuery.startsWith(`${name.as}{`)).toBe(true);
});

it('every pod has no rights, and every container no more than docker-compose.yml gives it', () => {
  for (const object of objects) {
    const pod = podOf(object)?.spec;
    if (!pod) continue;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources?.limits?.memory).toBe(container.resources?.requests?.memory);
      expect(container.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
    }
  }
  expect(named('Namespace', 'tributary')?.metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});
