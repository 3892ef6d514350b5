import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { invalidate, type Shelf, startShelf } from '../caching/shelf.ts';
import type { TestGateway } from '../support/gateway.ts';
import { sendBytes, type WireAnswer, type WireRequest } from '../support/raw-bytes.ts';

/** Fastify tells of each request that reaches a route: those that do not were answered in front of it. */
const HANDLED = 'tracing:fastify.request.handler:start';
let handled = 0;
const count = () => {
  handled += 1;
};

let gateway: TestGateway;
let shelf: Shelf;

async function start(env: Record<string, string> = {}, file = ''): Promise<void> {
  ({ gateway, shelf } = await startShelf({ settings: 'entities: off', env, file }));
}

beforeEach(() => subscribe(HANDLED, count));
afterEach(async () => {
  unsubscribe(HANDLED, count);
  jest.restoreAllMocks();
  await gateway.close();
});

const QUERY = '{ books { title } }';
const POST: WireRequest = { body: JSON.stringify({ query: QUERY }) };
const GET: WireRequest = {
  path: `/graphql?query=${encodeURIComponent(QUERY)}`,
  headers: { 'apollo-require-preflight': '1' },
};

/** Long enough to be compressed. */
const LONG = `{ books { ${Array.from({ length: 50 }, (_, n) => `title${n}: title`).join(' ')} } }`;
const compressed = (encoding: string): WireRequest => ({
  body: JSON.stringify({ query: LONG }),
  headers: { 'accept-encoding': encoding },
});

const send = (request: WireRequest): Promise<WireAnswer> => sendBytes(gateway.url, request);

/** Sends a request. @returns the answer, and by whom it was given */
async function ask(request: WireRequest): Promise<WireAnswer & { by: 'routes' | 'repeats' }> {
  handled = 0;
  const answer = await send(request);
  return { ...answer, by: handled > 0 ? 'routes' : 'repeats' };
}

/** Asks until the answer comes from the response cache: the first compiles, the second is kept, the third is given. */
async function prepare(request: WireRequest): Promise<void> {
  for (let time = 0; time < 3; time++) await send(request);
}

const withHeaders = (request: WireRequest, headers: Record<string, string>): WireRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

const titlesIn = ({ body }: WireAnswer): string[] =>
  JSON.parse(body.toString()).data.books.map(({ title }: { title: string }) => title);

describe('a request that was answered before', () => {
  it.each([
    ['a POST', POST],
    ['a GET', GET],
    ['with the other media type', withHeaders(POST, { accept: 'application/graphql-response+json' })],
    ['with brotli', compressed('br')],
    ['with gzip', compressed('gzip')],
  ])('is answered with the same bytes as the routes send: %s', async (_name, request) => {
    await start();
    await prepare(request);
    const repeated = await ask(request);
    // A header that is not known makes it another request.
    const usual = await ask(withHeaders(request, { 'x-unknown': '1' }));
    expect([repeated.by, usual.by]).toEqual(['repeats', 'routes']);
    expect(repeated.head).toBe(usual.head);
    expect(repeated.head).toMatch(/\r\nx-cache: hit\r\n/);
    expect(repeated.body.equals(usual.body)).toBe(true);
  });

  it('is known however its body comes, and by whatever browser', async () => {
    await start();
    await prepare(POST);
    expect(await ask({ ...POST, slowly: true })).toMatchObject({ by: 'repeats', status: 200 });
    const browser = {
      'user-agent': 'Mozilla',
      origin: 'http://a.test',
      'sec-fetch-mode': 'cors',
      cookie: 'a=b',
    };
    expect(await ask(withHeaders(POST, browser))).toMatchObject({ by: 'repeats', status: 200 });
  });

  it('tells each origin what it may do, where pages of others may ask', async () => {
    await start({}, "cors: { origins: ['https://a.test', 'https://b.test'] }");
    const allowed = ({ head }: WireAnswer) => /\r\naccess-control-allow-origin: ([^\r]*)/.exec(head)?.[1];
    const origins = ['https://a.test', 'https://b.test', 'https://evil.test', undefined];
    const requests = origins.map((origin) => (origin ? withHeaders(POST, { origin }) : POST));
    for (const request of requests) await prepare(request);
    const answers: unknown[] = [];
    for (const request of requests) {
      const answer = await ask(request);
      answers.push([answer.by, allowed(answer), /\r\nvary: [^\r]*\bOrigin\b/.test(answer.head)]);
    }
    expect(answers).toEqual([
      ['repeats', 'https://a.test', true],
      ['repeats', 'https://b.test', true],
      ['repeats', undefined, true],
      ['repeats', undefined, true],
    ]);
  });

  it('has an id and an age of its own', async () => {
    await start();
    await prepare(POST);
    const ids = [await ask(POST), await ask(POST)].map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(2);
    expect(await ask(withHeaders(POST, { 'x-request-id': 'mine' }))).toMatchObject({ requestId: 'mine' });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 7_000);
    const later = await ask(POST);
    expect([later.by, /\r\nage: (\d+)/.exec(later.head)?.[1]]).toEqual(['repeats', '7']);
  });

  it('is counted as any other', async () => {
    await start();
    await prepare(POST);
    const counted = async () => {
      const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      return [
        /^http_request_duration_seconds_count\{method="POST",route="\/graphql",status="200".*\} (\d+)/m,
        /^gateway_operation_duration_seconds_count\{type="query",operation="\w+",outcome="ok".*\} (\d+)/m,
        /^cache_requests_total\{cache="responses",layer="memory",result="hit".*\} (\d+)/m,
      ].map((sample) => Number(sample.exec(text)?.[1]));
    };
    const before = await counted();
    expect((await ask(POST)).by).toBe('repeats');
    expect(await counted()).toEqual(before.map((figure) => figure + 1));
  });
});

describe('the routes answer', () => {
  it('when what the answer depends on was invalidated', async () => {
    await start();
    await prepare(POST);
    shelf.titles = { 1: 'Dune Messiah' };
    expect(titlesIn(await ask(POST))).toEqual(['Dune', 'Emma', 'Ulysses']);
    await invalidate(gateway, { tags: ['books'] });
    const answer = await ask(POST);
    expect([answer.by, titlesIn(answer)]).toEqual(['routes', ['Dune Messiah']]);
    await prepare(POST);
    expect((await ask(POST)).by).toBe('repeats');
  });

  it('who has changed something', async () => {
    await start();
    await prepare(POST);
    await gateway.query({ query: 'mutation { rename(id: "1", title: "Arrakis") { id } }' });
    const answer = await ask(POST);
    expect([answer.by, titlesIn(answer)[0]]).toEqual(['routes', 'Arrakis']);
  });

  it('when the answer is too old', async () => {
    await start();
    await prepare(POST);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 60_001);
    expect((await ask(POST)).by).toBe('routes');
  });

  it('who says who they are, has something handed on, or wants more', async () => {
    await start({ PROPAGATE_HEADERS: 'x-shop', COOKIES: 'books=session' });
    await prepare(POST);
    await prepare(GET);
    expect([(await ask(POST)).by, (await ask(GET)).by]).toEqual(['repeats', 'repeats']);
    for (const headers of [{ authorization: 'Bearer a' }, { 'x-shop': '1' }, { cookie: 'session=1' }]) {
      expect(await ask(withHeaders(POST, headers))).toMatchObject({ by: 'routes', status: 200 });
    }
    const etag = /\r\netag: ([^\r]*)/.exec((await ask(GET)).head)?.[1] ?? '';
    expect(await ask(withHeaders(GET, { 'if-none-match': etag }))).toMatchObject({
      by: 'routes',
      status: 304,
    });
  });

  it('while the gateway is about to end, and close the connection', async () => {
    await start();
    await prepare(POST);
    gateway.drain();
    const { by, head } = await ask(POST);
    expect([by, /\r\nconnection: close/i.test(head)]).toEqual(['routes', true]);
  });

  it('an operation of another supergraph', async () => {
    await start({ SUPERGRAPH_WATCH: 'true' });
    await prepare(POST);
    expect((await ask(POST)).by).toBe('repeats');
    const file = gateway.workspace.path('supergraph.graphql');
    const sdl = await readFile(file, 'utf8');
    await writeFile(file, sdl.replace(/type Query[^{]*\{/, '$& another: Int @join__field(graph: BOOKS)'));
    const query = '{ __type(name: "Query") { fields { name } } }';
    const isSwapped = async () => JSON.stringify(await gateway.query({ query })).includes('another');
    while (!(await isSwapped())) await new Promise(setImmediate);
    const { by, head } = await ask(POST);
    expect([by, /\r\nx-cache: hit/.test(head)]).toEqual(['routes', false]);
  });

  it('what they refuse, in the same words', async () => {
    await start();
    const { gateway: other } = await startShelf({ settings: 'responses: off' });
    const refused: WireRequest[] = [
      { body: '{' },
      { body: '', method: 'POST' },
      { body: '[]' },
      { body: JSON.stringify({ query: '{ nothing }' }) },
      { body: JSON.stringify({ query: ' '.repeat(100_001) }) },
      withHeaders(POST, { 'content-type': 'text/plain' }),
      withHeaders(POST, { 'content-type': 'application/xml' }),
      { ...POST, method: 'PUT' },
      { path: GET.path ?? '' },
    ];
    for (const request of refused) {
      const [given, expected] = [await send(request), await sendBytes(other.url, request)];
      expect([given.head, given.body.toString()]).toEqual([expected.head, expected.body.toString()]);
    }
    await other.close();
  });
});
