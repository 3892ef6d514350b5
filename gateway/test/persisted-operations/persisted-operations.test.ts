import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { THINGS } from '../rate-limits/support.ts';
import { openSocket } from '../subscriptions/support/socket.ts';
import { startFederation } from '../support/federation.ts';
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

const THING = 'query Thing { thing }';
const TOUCH = 'mutation Touch { touch }';
const UNKNOWN = 'query Other { thing dear }';
const RELAY = 'query Dear { dear }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const apollo = (...bodies: string[]) =>
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: bodies.map((body) => ({
      id: hash(body),
      body,
      name: /\w+ (\w+)/.exec(body)?.[1],
      type: body.split(' ')[0],
    })),
  });
const RELAY_ID = '0123456789abcdef0123456789abcdef';

let gateway: TestGateway | undefined;
let folder: Workspace | undefined;
afterEach(async () => {
  await gateway?.close();
  await folder?.remove();
  folder = undefined;
  gateway = undefined;
});

async function start(
  settings: string,
  env: Record<string, string> = {},
  options: TestGatewayOptions = {},
): Promise<TestGateway> {
  gateway = await startFederation({ things: THINGS }, env, {
    ...options,
    files: {
      'web.json': apollo(THING, TOUCH),
      'app.json': JSON.stringify({ [RELAY_ID]: RELAY }),
      'gateway.yaml': `persisted_operations: { manifest: [web.json, app.json], ${settings} }\n`,
      ...options.files,
    },
  });
  return gateway;
}

interface Told {
  status: number;
  data?: unknown;
  code?: unknown;
}

const read = async (response: Response): Promise<Told> => {
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return {
    status: response.status,
    ...(data !== undefined && { data }),
    ...(errors && { code: errors[0]?.extensions.code }),
  };
};
const post = async ({ endpoint }: TestGateway, body: object, headers: Record<string, string> = {}) =>
  read(
    await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );
const get = async ({ endpoint }: TestGateway, search: [string, string][]) =>
  read(
    await fetch(`${endpoint}?${new URLSearchParams(search)}`, {
      headers: { 'apollo-require-preflight': '1' },
    }),
  );
const byHash = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash(text) } } });
const ONE = { status: 200, data: { thing: 1 } };
const TWO = { status: 200, data: { dear: 2 } };

describe('an operation of a manifest', () => {
  it.each<[string, object, Told]>([
    ['Apollo’s extension', byHash(THING), ONE],
    ['a document id', { documentId: hash(THING) }, ONE],
    ['a prefixed document id', { documentId: `sha256:${hash(THING)}` }, ONE],
    ['its name too', { ...byHash(THING), operationName: 'Thing' }, ONE],
    ['an id of Relay’s', { documentId: RELAY_ID }, TWO],
    ['the hash of a text of Relay’s', { documentId: `sha256:${hash(RELAY)}` }, TWO],
  ])('is run by %s, again and again', async (_name, body, expected) => {
    const served = await start('mode: safelist');
    for (let time = 0; time < 3; time++) expect(await post(served, body)).toEqual(expected);
  });

  it('is run by GET, but for a mutation', async () => {
    const served = await start('mode: safelist, require_id: true');
    const extensions = JSON.stringify(byHash(THING).extensions);
    for (let time = 0; time < 3; time++) {
      expect(await get(served, [['documentId', hash(THING)]])).toEqual(ONE);
      expect(await get(served, [['extensions', extensions]])).toEqual(ONE);
    }
    expect(await get(served, [['documentId', hash(TOUCH)]])).toMatchObject({ status: 405 });
  });

  it('is run as an event stream and on a WebSocket', async () => {
    const served = await start('mode: safelist, require_id: true');
    const stream = await fetch(`${served.endpoint}?documentId=${hash(THING)}`, {
      headers: { accept: 'text/event-stream', 'apollo-require-preflight': '1' },
    });
    expect(await stream.text()).toContain('{"data":{"thing":1}}');
    const socket = await openSocket(served.endpoint);
    await socket.init();
    socket.send({ type: 'subscribe', id: 'a', payload: { query: '', ...byHash(THING) } });
    expect(await socket.receive()).toMatchObject({ type: 'next', payload: { data: { thing: 1 } } });
    expect(await socket.receive()).toMatchObject({ type: 'complete' });
    socket.subscribe('b', THING);
    expect(await socket.receive()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'PERSISTED_QUERY_ID_REQUIRED' } }],
    });
    await socket.close();
  });

  it('is compiled before somebody asks for it', async () => {
    const served = await start('mode: off');
    const response = await fetch(served.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'tributary-explain': '1' },
      body: JSON.stringify({ ...byHash(THING), operationName: 'Thing' }),
    });
    expect(await response.json()).toMatchObject({
      data: { thing: 1 },
      extensions: { explain: { operation: { remembered: true } } },
    });
  });
});

describe('the safelist', () => {
  const IN = { 'content-type': 'application/json', accept: 'text/event-stream' };

  it('lets a registered text in, to the last character, and refuses everything else on all ways', async () => {
    const served = await start('mode: safelist', { INTROSPECTION: 'false' });
    const refused = { status: 403, code: 'QUERY_NOT_IN_SAFELIST' };
    expect(await post(served, { query: THING })).toEqual(ONE);
    for (const query of [UNKNOWN, `${THING} `, '{ __typename }', '{ __schema { types { name } } }', '{'])
      expect(await post(served, { query })).toEqual(refused);
    expect(await get(served, [['query', UNKNOWN]])).toEqual(refused);
    expect(await get(served, [['query', THING]])).toEqual(ONE);
    expect(await post(served, { query: UNKNOWN }, IN)).toEqual(refused);
    const twice = new URLSearchParams([
      ['query', UNKNOWN],
      ['query', THING],
    ]);
    for (const accept of ['text/event-stream', 'application/json']) {
      const headers = { accept, 'apollo-require-preflight': '1' };
      expect(await read(await fetch(`${served.endpoint}?${twice}`, { headers }))).toEqual(refused);
    }
  });

  it('knows no ids but those of manifests, and registers none', async () => {
    const served = await start('mode: safelist');
    const unknown = { status: 404, code: 'PERSISTED_QUERY_NOT_IN_LIST' };
    expect(await post(served, byHash(UNKNOWN))).toEqual(unknown);
    expect(await post(served, { documentId: 'x' })).toEqual(unknown);
    for (const query of [UNKNOWN, THING]) {
      expect(await post(served, { query, ...byHash(query) })).toEqual({
        status: 400,
        code: 'CANNOT_SEND_PQ_ID_AND_BODY',
      });
    }
    expect(await post(served, byHash(UNKNOWN))).toEqual(unknown);
  });

  it('takes ids alone where that is asked for', async () => {
    const served = await start('mode: safelist, require_id: true');
    expect(await post(served, { query: THING })).toEqual({
      status: 400,
      code: 'PERSISTED_QUERY_ID_REQUIRED',
    });
    expect(await post(served, byHash(THING))).toEqual(ONE);
  });

  it('lets introspection in where it is on, and nothing with it', async () => {
    const served = await start('mode: safelist');
    expect(await post(served, { query: '{ __schema { queryType { name } } }' })).toMatchObject({
      status: 200,
    });
    expect(await post(served, { query: '{ __schema { queryType { name } } thing }' })).toMatchObject({
      code: 'QUERY_NOT_IN_SAFELIST',
    });
    expect(
      await post(served, { query: '{ __typename ...F } fragment F on Query { thing } # __schema' }),
    ).toMatchObject({ code: 'QUERY_NOT_IN_SAFELIST' });
  });
});

describe('other modes', () => {
  it('tell of an unknown operation once, without its variables, and run it', async () => {
    const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const warn = jest.spyOn(logger, 'warn');
    const served = await start('mode: log', {}, { logger });
    const query = 'query Secretive($n: Int) { dear(n: $n) }';
    for (let time = 0; time < 3; time++)
      expect(await post(served, { query, variables: { n: 4711 } })).toEqual(TWO);
    expect(await post(served, { query: THING })).toEqual(ONE);
    const metrics = await (await fetch(`${served.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^persisted_operations_total\{result="unknown".*\} 3$/m);
    expect(metrics).toMatch(/^persisted_operations_total\{result="text".*\} 1$/m);
    const told = warn.mock.calls.filter(([, message]) => message === 'an operation is in no manifest');
    expect(told.map(([what]) => what)).toEqual([
      { operation: 'Secretive', hash: hash(query), refused: false },
    ]);
  });

  it('leave automatic persisted queries as they are', async () => {
    const served = await start('mode: log');
    expect(await post(served, byHash(UNKNOWN))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    const both = { status: 200, data: { thing: 1, dear: 2 } };
    expect(await post(served, { query: UNKNOWN, ...byHash(UNKNOWN) })).toEqual(both);
    expect(await post(served, byHash(UNKNOWN))).toEqual(both);
  });
});

describe('a manifest', () => {
  it('is taken in when it changes, and one that is wrong is not', async () => {
    folder = await createWorkspace([]);
    const [web, app] = [folder.path('web.json'), folder.path('app.json')];
    await Promise.all([writeFile(web, apollo(THING, TOUCH)), writeFile(app, '{}')]);
    const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const error = jest.spyOn(logger, 'error');
    const served = await start(
      '',
      {},
      {
        logger,
        files: { 'gateway.yaml': `persisted_operations: { manifest: [${web}, ${app}], mode: safelist }\n` },
      },
    );
    const swapped = async (query: string) => {
      while ((await post(served, { query })).status !== 200) await new Promise(setImmediate);
    };
    expect(await post(served, { query: UNKNOWN })).toMatchObject({ status: 403 });
    await writeFile(web, apollo(UNKNOWN));
    await swapped(UNKNOWN);
    expect(await post(served, { query: THING })).toMatchObject({ status: 403 });
    const told = new Promise<void>((resolve) => {
      error.mockImplementation(() => resolve());
    });
    await writeFile(web, '{');
    await told;
    expect(await post(served, { query: UNKNOWN })).toMatchObject({ status: 200 });
    await writeFile(web, apollo(TOUCH));
    await swapped(TOUCH);
    expect(await post(served, { query: UNKNOWN })).toMatchObject({ status: 403 });
  });

  it.each([
    ['{', /web\.json: is not JSON$/],
    ['[]', /web\.json: is neither a manifest of Apollo’s nor one of Relay’s$/],
    ['{ "a": 1 }', /web\.json: is neither/],
    [
      '{ "format": "apollo-persisted-query-manifest", "version": 2, "operations": [] }',
      /web\.json: version: must be 1$/,
    ],
    [JSON.stringify({ [RELAY_ID]: THING }), /the id 0123456789abcdef\w+ stands for two different texts$/],
  ])('that is not one keeps the gateway from starting: %s', async (content, message) => {
    await expect(start('mode: off', {}, { files: { 'web.json': content } })).rejects.toThrow(message);
  });

  it('that is not there does too', async () => {
    const files = { 'gateway.yaml': 'persisted_operations: { manifest: none.json, mode: off }\n' };
    await expect(start('', {}, { files })).rejects.toThrow(/none\.json: cannot be read \(ENOENT\)$/);
  });
});
