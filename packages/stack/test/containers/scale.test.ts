import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { readSettings } from '@tributary/gateway';
import { subgraphNames } from '../../src/parts/subgraphs.ts';
import { interpolate, readCompose, variablesIn } from './support/compose-file.ts';

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');
const compose = readCompose();
const scale = parseEnv(read('deploy/scale.env'));
const variableOf = (name: string) => name.toUpperCase().replaceAll('-', '_');
const secret = 'x'.repeat(32);
const env = { ...scale, POSTGRES_PASSWORD: secret, INTERNAL_SECRET: secret, AUTH_SIGNING_KEYS: '[]' };
const environmentOf = (name: string) =>
  Object.fromEntries(
    Object.entries(compose.services[name]?.environment ?? {})
      .filter(([, value]) => variablesIn(value).every((one) => one.operator === '-' || one.name in env))
      .map(([key, value]) => [key, interpolate(value, env)]),
  );

describe('the profile scale of docker-compose.yml', () => {
  it('has a balancer and PgBouncer, which are not there without it', () => {
    const names = Object.entries(compose.services).flatMap(([name, { profiles = [] }]) =>
      profiles.includes('scale') ? [name] : [],
    );
    expect(names).toEqual(['balancer', 'pgbouncer']);
    expect(compose.services.balancer?.ports?.map((port) => interpolate(port, {}))).toEqual([
      '443:8443',
      '80:8080',
    ]);
  });

  it('has replicas of the gateway and of every subgraph, at no port that two could want', () => {
    for (const name of ['gateway', ...subgraphNames()]) {
      const replicas = compose.services[name]?.deploy?.replicas ?? '';
      expect([name, interpolate(replicas, {}), interpolate(replicas, env)]).toEqual([name, '1', '2']);
    }
    const [port = ''] = compose.services.gateway?.ports ?? [];
    expect(interpolate(port, env)).toBe('127.0.0.1::4000');
  });

  it('asks subgraphs by way of the balancer, which has a port and servers for each', () => {
    const { SUBGRAPH_URLS, AUTH_JWKS_URL, TRUST_PROXY } = readSettings(environmentOf('gateway'));
    const balancer = environmentOf('balancer');
    // One that was just made is asked directly until it is entered there.
    const balanced = subgraphNames().filter((name) => `${variableOf(name)}_AT` in scale);
    expect(balanced.length).toBeGreaterThanOrEqual(3);
    for (const name of balanced) {
      const variable = variableOf(name);
      expect(SUBGRAPH_URLS.get(name)).toBe(`http://balancer:${balancer[`${variable}_PORT`]}/graphql`);
      expect(balancer[`${variable}_UPSTREAMS`]).toContain(`server ${name}:4000 resolve`);
    }
    expect(AUTH_JWKS_URL).toBe(`http://balancer:${balancer.USERS_PORT}/.well-known/jwks.json`);
    expect(TRUST_PROXY).toBeDefined();
  });

  it('gives nginx every variable of its files', () => {
    const templates = readdirSync(join(REPOSITORY, 'deploy/nginx'));
    expect(templates).toEqual(['gateway.conf.template', 'subgraphs.conf.template']);
    const known = Object.keys(environmentOf('balancer'));
    for (const file of templates) {
      const variables = [...read(`deploy/nginx/${file}`).matchAll(/\$\{([A-Z_]+)\}/g)].map(
        ([, name]) => name,
      );
      expect(variables.length).toBeGreaterThan(3);
      expect(known).toEqual(expect.arrayContaining(variables));
    }
  });

  it('reaches the databases by way of PgBouncer, but for jobs and migrations', () => {
    const image = read('deploy/pgbouncer/Dockerfile');
    const given = [
      ...Object.keys(environmentOf('pgbouncer')),
      ...(image.match(/PGBOUNCER_\w+|POSTGRES_PORT/g) ?? []),
    ];
    const variables = [...read('deploy/pgbouncer/pgbouncer.ini').matchAll(/\$\{([A-Z_]+)\}/g)].map(
      ([, name]) => name,
    );
    expect(given).toEqual(expect.arrayContaining(variables));
    const [, port] = /PGBOUNCER_PORT=(\d+)/.exec(image) ?? [];
    for (const name of subgraphNames()) {
      const variable = variableOf(name);
      const settings = environmentOf(name);
      expect(new URL(settings[`${variable}_DATABASE_URL`] ?? '').host).toBe(`pgbouncer:${port}`);
      const direct = settings[`${variable}_DATABASE_DIRECT_URL`];
      expect(new URL(direct ?? '').host).toBe('postgres:5432');
      expect(environmentOf('migrate')[`${variable}_DATABASE_URL`]).toBe(direct);
    }
  });
});
