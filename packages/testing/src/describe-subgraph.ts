import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseSetting } from '@tributary/database';
import {
  createCallerSigner,
  type Environment,
  IDENTITY_HEADER,
  type RunningService,
  StartupError,
} from '@tributary/platform';
import { openTcpProxy, type TcpProxy } from './faults/tcp-proxy.ts';
import { graphql } from './graphql.ts';
import { identityHeaders, someViewer, TEST_SECRET } from './identity.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

/** What the tests use of a subgraph that runs. */
interface Running extends RunningService {
  url: string;
  adminUrl: string;
}

/** A subgraph, as its package exports it. */
export interface SubgraphUnderTest<Settings> {
  /** The service's name and its database's, such as `users`. */
  name: string;
  readSettings(env: Environment): Settings;
  start(settings: Settings): Promise<Running>;
  /** A field of `Query` that reads the database, as staff may: `users(first: 1) { totalCount }`. */
  probe: string;
  /** A type with a key `id`. */
  entity: string;
}

/** Of Redis, read replicas and the broker of events: they are there where a setting names one. */
const BY_SETTING =
  /^event_bus_(connected|resubscriptions_total)$|^cache_invalidations_total$|^db_re(ads|plica)_|^domain_events_/;

/** Declares the tests of what every subgraph does in the same way, whatever it is about. */
export function describeSubgraph<Settings>(subgraph: SubgraphUnderTest<Settings>): void {
  const { name, readSettings, start, entity } = subgraph;
  const setting = databaseSetting(name);
  const probe = `{ ${subgraph.probe} }`;
  let database: TestDatabase;
  let proxy: TcpProxy;
  let running: Running;
  let staff: Record<string, string>;
  const environment = (): Record<string, string> => ({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    ADMIN_PORT: '0',
    INTERNAL_SECRET: TEST_SECRET,
    [setting]: proxy.url,
  });

  beforeAll(async () => {
    database = await createTestDatabase(name);
    proxy = await openTcpProxy(database.url);
    running = await start(readSettings(environment()));
    staff = await identityHeaders(someViewer('STAFF'));
  });
  afterAll(async () => {
    await running?.close();
    await proxy?.block();
    await database?.drop();
  });

  describe('settings', () => {
    it('names every setting that is missing or wrong at once', () => {
      const wrong = { PORT: 'x', ADMIN_PORT: '70000', INTERNAL_SECRET: 'short', DATABASE_POOL_SIZE: '0' };
      expect(() => readSettings({})).toThrow(new StartupError(`${setting}: is required`));
      for (const problem of [`${setting}: is required`, ...Object.keys(wrong)])
        expect(() => readSettings(wrong)).toThrow(problem);
      expect(() => readSettings({ [setting]: 'mysql://127.0.0.1/x' })).toThrow(
        `${setting}: must be a postgresql:// address`,
      );
    });

    it('needs the secret in production', async () => {
      const { INTERNAL_SECRET: _, ...unsigned } = environment();
      const settings = readSettings({ ...unsigned, NODE_ENV: 'production' });
      await expect(start(settings)).rejects.toThrow(StartupError);
      await expect(start(settings)).rejects.toThrow('INTERNAL_SECRET');
    });

    it.each(['PORT', 'ADMIN_PORT'])(
      'does not start when %s is taken, and leaves nothing open',
      async (port) => {
        const taken = new URL(port === 'PORT' ? running.url : running.adminUrl).port;
        const settings = readSettings({ ...environment(), [port]: taken });
        await expect(start(settings)).rejects.toThrow(
          new StartupError(`${port}: port ${taken} is taken; choose another`),
        );
      },
    );
  });

  describe('operation', () => {
    it('says that it lives and is ready', async () => {
      expect(await statusOf('/health/live')).toBe(200);
      expect(await statusOf('/health/ready')).toBe(200);
    });

    it('shows its metrics to operators only', async () => {
      await graphql(running.url, { query: probe, headers: staff });
      const metrics = await (await fetch(new URL('/metrics', running.adminUrl))).text();
      expect(metrics).toMatch(new RegExp(`^db_statements_total\\{service="${name}"\\} [1-9]`, 'm'));
      expect(metrics).toContain('http_request_duration_seconds_bucket');
      expect(metrics).toMatch(/^db_pool_size\{.*\} 10$/m);
      expect(metrics).toMatch(
        /^subgraph_operation_duration_seconds_count\{.*type="query",outcome="ok"\} [1-9]/m,
      );
      expect(await statusOf('/metrics')).toBe(404);
    });

    it('registers the metrics that the documentation has, and no others', async () => {
      const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
      const tables = documentedMetrics(page);
      const metrics = await (await fetch(new URL('/metrics', running.adminUrl))).text();
      const own = [...metrics.matchAll(/^# TYPE (?!nodejs_|process_)(\S+)/gm)].map(([, metric]) => metric);
      const documented = ['Every service', 'Every subgraph', `Subgraph ${name}`].flatMap(
        (title) => tables.get(title) ?? [],
      );
      expect(own.filter((metric) => !documented.includes(metric ?? ''))).toEqual([]);
      expect(documented.filter((metric) => !own.includes(metric) && !BY_SETTING.test(metric))).toEqual([]);
    });

    it('outlives its database, and tells no secret of it', async () => {
      await proxy.block();
      expect(await statusOf('/health/ready')).toBe(503);
      expect(await statusOf('/health/live')).toBe(200);
      expect((await fetch(new URL('/metrics', running.adminUrl))).status).toBe(200);
      const broken = await graphql(running.url, { query: probe, headers: staff });
      expect(broken.errors).toEqual([
        expect.objectContaining({
          message: 'This cannot be done at the moment; try again.',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, incident: expect.any(String) },
        }),
      ]);
      await proxy.unblock();
      expect(await statusOf('/health/ready')).toBe(200);
      const answer = await graphql(running.url, { query: probe, headers: staff });
      expect(answer.errors).toBeUndefined();
    });
  });

  describe('bad requests', () => {
    it.each([
      ['signed with another secret', () => createCallerSigner('x'.repeat(32))(forged)],
      [
        'not signed',
        async () => `${base64url('{"alg":"none"}')}.${base64url('{"sub":"1","exp":9999999999}')}.`,
      ],
      ['no token', async () => 'staff'],
      ['empty', async () => ''],
    ])('refuses an identity that is %s', async (_case, identity) => {
      const headers = { [IDENTITY_HEADER]: await identity() };
      const { status, data, errors } = await graphql(running.url, { query: probe, headers });
      expect(status).toBe(401);
      expect(data).toBeUndefined();
      expect(errors).toEqual([
        {
          message: 'The identity was not signed by the gateway.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ]);
    });

    it.each([
      '_service { sdl }',
      `_entities(representations: [{ __typename: "${entity}", id: "x" }]) { __typename }`,
    ])('answers %s to signed requests only', async (field) => {
      const unsigned = await graphql(running.url, { query: `{ ${field} }` });
      expect([unsigned.status, unsigned.errors?.map(({ extensions }) => extensions?.code)]).toEqual([
        403,
        ['FORBIDDEN'],
      ]);
      expect((await graphql(running.url, { query: `{ ${field} }`, headers: staff })).status).toBe(200);
    });

    it('says that a body is no JSON, and nothing else', async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(running.url, { method: 'POST', headers, body: '{"query":' });
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          errors: [
            { message: 'The body of the request is not valid JSON.', extensions: { code: 'BAD_REQUEST' } },
          ],
        },
      ]);
    });

    const nul = `[{ __typename: "${entity}", id: "\\u0000" }]`;
    it.each([
      ['variables', 'representations.0.id', '($representations: [_Any!]!)', '$representations'],
      ['default values', 'representations', `($representations: [_Any!]! = ${nul})`, '$representations'],
      ['literals', 'representations', '', nul],
    ])('refuses NUL characters in %s', async (inside, argument, declaration, value) => {
      const { errors } = await graphql(running.url, {
        query: `query ${declaration} { _entities(representations: ${value}) { __typename } }`,
        variables: inside === 'variables' ? { representations: [{ __typename: entity, id: '\0' }] } : {},
        headers: staff,
      });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'BAD_USER_INPUT', reason: 'NUL_CHARACTER', argument },
      ]);
    });
  });

  const statusOf = async (path: string) => (await fetch(new URL(path, running.url))).status;
}

/** The names of metrics in a page, by the title of their table. */
function documentedMetrics(page: string): ReadonlyMap<string, string[]> {
  const tables = new Map<string, string[]>();
  for (const part of page.split(/^## /m).slice(1)) {
    const title = part.split('\n')[0] ?? '';
    tables.set(
      title,
      [...part.matchAll(/^\| `(\w+)/gm)].map(([, metric = '']) => metric),
    );
  }
  return tables;
}

const forged = { identity: { subject: '1', scopes: ['admin'] }, service: 'orders', clientAddress: null };
const base64url = (text: string) => Buffer.from(text).toString('base64url');
