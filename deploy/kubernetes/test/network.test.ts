import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { loadConfig, subgraphUrls } from '@tributary/platform';
import { settingsSchema as usersSettings } from '@tributary/users';
import { environmentIn, type KubernetesObject, objectsFor, podOf } from './support/cluster.ts';
import { type End, isAllowed } from './support/network.ts';

const HTTP = 4000;
const ADMIN = 4010;

let objects: KubernetesObject[];
let pods: Map<string, { labels: Record<string, string>; urls: string[] }>;
beforeAll(async () => {
  objects = await objectsFor();
  pods = new Map(
    objects.flatMap((object) => {
      const pod = podOf(object);
      const [container] = pod?.spec.containers ?? [];
      if (!pod || !container) return [];
      const urls = subgraphUrls().parse(environmentIn(container).SUBGRAPH_URLS ?? '');
      return [
        [
          object.kind === 'Job' ? 'migrate' : object.metadata.name,
          { labels: pod.labels, urls: [...urls.keys()] },
        ],
      ];
    }),
  );
});

const policies = () => objects.filter(({ kind }) => kind === 'NetworkPolicy');
const allowed = (from: End, to: End, port: number) => isAllowed(policies(), from, to, port);
const pod = (name: string): End => ({ labels: pods.get(name)?.labels ?? {} });
const names = () => [...pods.keys()];

/** Names of pods, each after what it may ask, and what it asks. */
const pairs = (port: number, keep: (from: string, to: string) => boolean) =>
  names().flatMap((from) => names().flatMap((to) => (keep(from, to) ? [`${from} -> ${to}:${port}`] : [])));

it('pods reach the services that SUBGRAPH_URLS names to them, and no others', () => {
  const asked = pairs(HTTP, (from, to) => pods.get(from)?.urls.includes(to) ?? false);
  expect(pairs(HTTP, (from, to) => allowed(pod(from), pod(to), HTTP))).toEqual(asked);
  expect(asked).toContain('gateway -> users:4000');
  expect(asked).not.toContain('products -> orders:4000');
  expect(pairs(ADMIN, (from, to) => allowed(pod(from), pod(to), ADMIN))).toEqual([]);
});

it('SUBGRAPH_URLS names the services that the code asks', () => {
  for (const name of ['users', 'products', 'orders']) {
    const folder = join(REPOSITORY, 'subgraphs', name, 'src');
    const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const called = new Set(
      [...text.matchAll(/services\s*\.?\s*\.call[\s\S]*?subgraph: '(\w+)'/g)].map(([, to]) => to),
    );
    if (name === 'users')
      for (const to of loadConfig(usersSettings, { USERS_DATABASE_URL: 'postgresql://x/y' })
        .PRIVACY_SUBGRAPHS)
        called.add(to);
    expect([name, [...(pods.get(name)?.urls ?? [])].sort()]).toEqual([name, [...called].sort()]);
  }
});

it('the public reaches the gateway and the webhook, and Prometheus the admin ports', () => {
  const from = (namespace: string, port: number) =>
    names().filter((name) => allowed({ namespace }, pod(name), port));
  expect(from('ingress-nginx', HTTP)).toEqual(expect.arrayContaining(['gateway', 'orders']));
  expect(from('ingress-nginx', HTTP)).toHaveLength(2);
  expect(from('ingress-nginx', ADMIN)).toEqual([]);
  expect(from('monitoring', ADMIN)).toEqual(names());
  expect(from('monitoring', HTTP)).toEqual([]);
  expect([...from('default', HTTP), ...from('default', ADMIN)]).toEqual([]);

  const [ingress] = objects.filter(({ kind }) => kind === 'Ingress');
  const paths = ingress?.spec.rules[0].http.paths as {
    path: string;
    backend: { service: { name: string } };
  }[];
  expect(paths.map(({ path, backend }) => `${path} ${backend.service.name}`)).toEqual([
    '/graphql gateway',
    '/webhooks/payments orders',
  ]);
});

it('databases are for who has one, Redis for all who serve, and the internet for who asks there', () => {
  const to = (end: End, port: number) => names().filter((name) => allowed(pod(name), end, port));
  const subgraphs = names().filter((name) => !['gateway', 'migrate'].includes(name));
  expect(subgraphs).toEqual(expect.arrayContaining(['users', 'users-worker', 'orders', 'orders-worker']));
  expect(to({ address: '10.20.0.5' }, 5432).sort()).toEqual([...subgraphs, 'migrate'].sort());
  expect(to({ namespace: 'redis' }, 6379).sort()).toEqual([...subgraphs, 'gateway'].sort());
  expect(to({ address: '93.184.216.34' }, 443).sort()).toEqual(['orders', 'orders-worker']);
  expect(to({ address: '169.254.169.254' }, 443)).toEqual([]);
  expect(to({ address: '10.0.0.1' }, 443)).toEqual([]);
  expect(to({ namespace: 'kube-system' }, 53)).toEqual(names());
  expect(to({ namespace: 'observability' }, 4318)).toEqual(names());
});
