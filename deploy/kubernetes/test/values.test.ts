import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, parseDocument } from 'yaml';
import { readGatewayFiles } from '../src/gateway-files.ts';
import { manifests } from '../src/manifests.ts';
import { servicesOf } from '../src/services/services.ts';
import { readValues } from '../src/values/read-values.ts';
import { writeManifests } from '../src/write.ts';
import { EXAMPLE } from './support/cluster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-kubernetes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The example with one value changed. */
async function changed(path: (string | number)[], value: unknown): Promise<string> {
  const document = parseDocument(await readFile(EXAMPLE, 'utf8'));
  document.setIn(path, value);
  const file = join(folder, 'values.yaml');
  await writeFile(file, String(document));
  return file;
}
const FILES = { 'supergraph.graphql': 'type Query { a: Int }', 'gateway.yaml': '' };

describe('values', () => {
  it.each([
    [['namespace'], 'My Shop', /values\.yaml: namespace: must be small letters, digits and dashes$/],
    [['image', 'registry'], 'https://ghcr.io', /image\.registry: must be a registry/],
    [['image', 'tag'], 'latest!', /image\.tag: must be a tag/],
    [['ingress', 'host'], 'not a host', /ingress\.host: must be a host name/],
    [
      ['postgres'],
      { namespace: 'a', cidr: '10.0.0.0/8' },
      /postgres: must have either a namespace or a cidr/,
    ],
    [['redis'], {}, /redis: must have either/],
    [['payments', 'url'], 'http://plain.example', /payments\.url: must be an https:\/\/ address/],
    [
      ['services', 'gateway', 'replicas'],
      { min: 5, max: 2 },
      /services\.gateway\.replicas: min must not be above max/,
    ],
    [['services', 'gateway', 'memory'], 'a lot', /services\.gateway\.memory: must be of the form 512Mi/],
    [['serivces'], {}, /values\.yaml: serivces: is not a value/],
  ])('are refused in one line: %j', async (path, value, message) => {
    const file = await changed(path as string[], value);
    const error = await readValues(file).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message.split('\n')).toHaveLength(1);
  });

  it('are refused all at once, and when they cannot be read', async () => {
    await writeFile(join(folder, 'empty.yaml'), '');
    await expect(readValues(join(folder, 'empty.yaml'))).rejects.toThrow(/the file: /);
    await writeFile(join(folder, 'few.yaml'), 'issuer: ""');
    const error = await readValues(join(folder, 'few.yaml')).catch((thrown: Error) => thrown);
    expect((error as Error).message.split('\n').length).toBeGreaterThan(4);
    await writeFile(join(folder, 'broken.yaml'), 'image: [');
    await expect(readValues(join(folder, 'broken.yaml'))).rejects.toThrow(/broken\.yaml: .+/);
    await expect(readValues(join(folder, 'none.yaml'))).rejects.toThrow(
      /none\.yaml cannot be read \(ENOENT\)/,
    );
  });

  it('give way to the command line', async () => {
    expect((await readValues(EXAMPLE, { registry: 'registry.example/shop', tag: 'v9' })).image).toMatchObject(
      {
        registry: 'registry.example/shop',
        tag: 'v9',
      },
    );
  });

  it.each([
    [
      ['services', 'users', 'settings'],
      { SESSION_IDLE_DAYS: 'x' },
      /^services\.users\.settings: SESSION_IDLE_DAYS: /,
    ],
    [['services', 'users', 'settings'], { NO_SUCH: '1' }, /NO_SUCH: there is no such setting$/],
    [
      ['services', 'users', 'settings'],
      { INTERNAL_SECRET: 'x' },
      /INTERNAL_SECRET: comes from the secret store$/,
    ],
    [['services', 'orders', 'workers', 'settings'], { PORT: '1' }, /PORT: is fixed here$/],
    [
      ['services', 'gateway', 'settings'],
      { EXECUTOR: 'mine', TRUST_PROXY: 'x' },
      /TRUST_PROXY: .*\n.*EXECUTOR: |EXECUTOR: .*\n.*TRUST_PROXY: /,
    ],
    [['services', 'reviews'], {}, /^services\.reviews: there is no such service, only gateway, users, /],
  ])('are held against the settings of the services: %j %j', async (path, value, message) => {
    const values = await readValues(await changed(path as string[], value));
    const error = await manifests(values, FILES).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(message);
  });
});

describe('the files', () => {
  it('are numbered in the order in which they are applied, and those of an earlier call go', async () => {
    const out = join(folder, 'out');
    const app = await manifests(await readValues(EXAMPLE), FILES);
    await writeManifests(app, out);
    await writeFile(join(out, '99-reviews.k8s.yaml'), '');
    await writeFile(join(out, 'mine.yaml'), '');
    await writeManifests(app, out);
    const names = (await readdir(out)).sort();
    const { subgraphs } = await servicesOf(await readValues(EXAMPLE));
    const charts = ['namespace', 'base', 'migrations', ...subgraphs.map(({ name }) => name), 'gateway'];
    expect(names).toEqual([
      ...charts.map((chart, index) => `${String(index).padStart(2, '0')}-${chart}.k8s.yaml`),
      'mine.yaml',
    ]);
    const objects = parseAllDocuments(await readFile(join(out, '02-migrations.k8s.yaml'), 'utf8'));
    expect(objects.map((object) => object.toJS().kind)).toContain('Job');
  });

  it('have what the gateways read, within the size of a ConfigMap', async () => {
    const extra = join(folder, 'web.json');
    await writeFile(extra, '{}');
    const config = join(folder, 'gateway.yaml');
    await writeFile(config, '# nothing\n');
    expect(Object.keys(await readGatewayFiles(config, [extra]))).toEqual([
      'supergraph.graphql',
      'gateway.yaml',
      'web.json',
    ]);
    await expect(readGatewayFiles(config, [config])).rejects.toThrow('--file: gateway.yaml is there twice');
    await expect(readGatewayFiles(join(folder, 'none'), [])).rejects.toThrow(
      /none cannot be read \(ENOENT\)/,
    );
    const values = await readValues(EXAMPLE);
    await expect(manifests(values, { ...FILES, 'big.json': 'x'.repeat(2_000_000) })).rejects.toThrow(
      /big\.json: too large for a ConfigMap/,
    );
  });
});
