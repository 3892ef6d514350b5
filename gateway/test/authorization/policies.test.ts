import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import type { GatewayContext } from '../../src/context.ts';
import type { Definition } from '../support/federation.ts';
import { ADA, type Guarded, guard, LINK } from './support/forum.ts';

const SAFE: Record<string, Definition> = {
  safe: [
    `${LINK} type Query {
      free: Int
      gold: Int @policy(policies: [["rich", "old"], ["owner"]])
      ink: Int @policy(policies: [["owner"]]) @authenticated
      maybe: Int @policy(policies: [["rare"]])
    }`,
    { Query: { free: () => 1, gold: () => 2, ink: () => 3, maybe: () => 4 } },
  ],
};
const QUERY = 'query ($rare: Boolean = false) { free gold ink maybe @include(if: $rare) }';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(...args: Parameters<typeof guard>): Promise<Guarded> {
  const guarded = await guard(...args);
  opened.push(() => guarded.stop());
  return guarded;
}

const ask = async ({ gateway }: Guarded, headers: Record<string, string> = {}, query = QUERY) =>
  (await gateway.query({ query, headers })).data;

/** A logger, and what it is told as errors. */
function quiet() {
  const logger = createLogger({ name: 'gateway', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const errors: string[] = [];
  jest
    .spyOn(logger, 'error')
    .mockImplementation((...args: unknown[]) => void errors.push(args.map(String).join(' ')));
  return { logger, errors };
}

describe('policies that a function decides about', () => {
  it('let in by all of one list, and are asked once for an operation', async () => {
    const asked: { names: readonly string[]; context: GatewayContext }[] = [];
    let granted: string[] = [];
    const guarded = await start(SAFE, {
      policies: async (names, context) => {
        asked.push({ names, context });
        return new Map(granted.map((name) => [name, true]));
      },
    });
    expect(await ask(guarded)).toEqual({ free: 1, gold: null, ink: null });
    expect(asked).toHaveLength(1);
    expect([...(asked[0]?.names ?? [])].sort()).toEqual(['old', 'owner', 'rare', 'rich']);
    expect(asked[0]?.context.identity).toBeNull();
    granted = ['rich'];
    expect(await ask(guarded)).toEqual({ free: 1, gold: null, ink: null });
    granted = ['rich', 'old'];
    expect(await ask(guarded)).toEqual({ free: 1, gold: 2, ink: null });
    granted = ['owner'];
    expect(await ask(guarded)).toEqual({ free: 1, gold: 2, ink: null });
    expect(await ask(guarded, await guarded.bearer())).toEqual({ free: 1, gold: 2, ink: 3 });
    expect(asked.at(-1)?.context.identity?.subject).toBe(ADA);
    expect(asked).toHaveLength(5);
  });

  it('are not asked for what does not need them', async () => {
    const policies = jest.fn(async () => new Map<string, boolean>());
    const guarded = await start(SAFE, { policies });
    for (let i = 0; i < 2; i++) expect(await ask(guarded, {}, '{ free }')).toEqual({ free: 1 });
    expect(policies).not.toHaveBeenCalled();
  });

  it('let nobody in when it fails, and the log says so', async () => {
    const { logger, errors } = quiet();
    const guarded = await start(SAFE, {
      logger,
      policies: () => {
        throw new Error('no database');
      },
    });
    for (let i = 0; i < 2; i++) expect(await ask(guarded)).toEqual({ free: 1, gold: null, ink: null });
    expect(errors.some((error) => error.includes('authorization.policies'))).toBe(true);
  });
});

/** A service that decides, and what it was asked. */
async function startService(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const asked: { body: unknown; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ body: JSON.parse(await text(request)), headers: request.headers });
    answer(response, request);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  opened.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/decide` };
}

const configured = (url: string, timeout = '5s') => ({
  files: { 'gateway.yaml': `authorization: { policies: { url: "${url}", timeout: ${timeout} } }\n` },
});

describe('policies that a service decides about', () => {
  it('are asked with who asks, and let in whom it lets in', async () => {
    const { asked, url } = await startService((response) =>
      response.end(JSON.stringify({ policies: { owner: true, rich: 'yes', old: true } })),
    );
    const guarded = await start(SAFE, configured(url), { PROPAGATE_HEADERS: 'x-tenant' });
    const headers = { ...(await guarded.bearer('a', 'b')), 'x-tenant': 't1', 'x-request-id': 'r1' };
    expect(await ask(guarded, headers)).toEqual({ free: 1, gold: 2, ink: 3 });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers).toMatchObject({ 'x-tenant': 't1', 'content-type': 'application/json' });
    expect(asked[0]?.body).toEqual({
      policies: expect.arrayContaining(['owner', 'rich', 'old', 'rare']),
      identity: { subject: ADA, scopes: ['a', 'b'] },
      requestId: 'r1',
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['says no', (response) => response.end('{"policies":{"owner":false}}')],
    ['says nothing of it', (response) => response.end('{"policies":{}}')],
    ['says what only inherits', (response) => response.end('{"policies":[]}')],
    ['answers something else', (response) => response.end('[true]')],
    ['answers no JSON', (response) => response.end('owner')],
    ['fails', (response) => response.writeHead(500).end('{"policies":{"owner":true}}')],
    ['sends elsewhere', (response) => response.writeHead(307, { location: '/other' }).end()],
    ['breaks off', (response) => void response.destroy()],
  ])('let nobody in when it %s', async (_, answer) => {
    const { url } = await startService(answer);
    const guarded = await start(SAFE, { ...configured(url), logger: quiet().logger });
    expect(await ask(guarded, await guarded.bearer())).toEqual({ free: 1, gold: null, ink: null });
  });

  it('let nobody in when it does not answer in time', async () => {
    const { url } = await startService(() => undefined);
    const { logger, errors } = quiet();
    const guarded = await start(SAFE, { ...configured(url, '50ms'), logger });
    expect(await ask(guarded)).toEqual({ free: 1, gold: null, ink: null });
    expect(errors.some((error) => error.includes('authorization.policies'))).toBe(true);
  });

  it.each([
    [
      '{ policies: { url: "ftp://a/" } }',
      /authorization\.policies\.url: must be a URL of `http:` or `https:`/,
    ],
    ['{ policies: {} }', /authorization\.policies\.url: must be a URL/],
    [
      '{ policies: { url: "http://a/", timeout: 5 } }',
      /authorization\.policies\.timeout: must be a time with its unit/,
    ],
  ])('cannot be set to %s', async (setting, message) => {
    await expect(start(SAFE, { files: { 'gateway.yaml': `authorization: ${setting}\n` } })).rejects.toThrow(
      message,
    );
  });
});

it('keeps a gateway from starting that has nobody to decide', async () => {
  await expect(start(SAFE)).rejects.toThrow(
    /^SUPERGRAPH: it cannot be run: it uses @policy, and nobody decides about policies: set `authorization\.policies`/,
  );
});

it('lets no supergraph in that has policies, when there is nobody to decide', async () => {
  const { logger, errors } = quiet();
  const open = `${LINK} type Query { a: Int b: Int @requiresScopes(scopes: [["s"]]) }`;
  const guarded = await start(
    { one: [open, { Query: { a: () => 1 } }] },
    { logger },
    { SUPERGRAPH_WATCH: 'true' },
  );
  const { workspace } = guarded.gateway;
  const sdl = await readFile(workspace.path('supergraph.graphql'), 'utf8');
  await workspace.write(
    'supergraph.graphql',
    sdl.replaceAll('requiresScopes', 'policy').replace('scopes', 'policies'),
  );
  while (!errors.some((error) => error.includes('nobody decides about policies'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await ask(guarded, {}, '{ a b }')).toEqual({ a: 1, b: null });
});
