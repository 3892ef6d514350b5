import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeadedSubgraph, startHeaded } from '../support/headed-subgraph.ts';
import { ACCEPT_PARTS, askInParts } from '../support/parts.ts';
import { PREFLIGHT, type RawRequest, sendRaw } from '../support/raw-request.ts';
import { type Shop, startShop } from '../support/shop.ts';

const LONG = 'a long text, '.repeat(200);
/** Compressed in another thread. */
const HUGE = Array.from({ length: 20_000 }, (_, index) => `word ${index * 7_919}`).join(' ');

let subgraph: HeadedSubgraph;
/** By what answers; each has compiled the operation. */
const gateways: Record<string, TestGateway> = {};
beforeAll(async () => {
  subgraph = await startHeaded();
  gateways.direct = await startTestGateway([subgraph]);
  gateways.apollo = await startTestGateway([subgraph], {}, { plugins: [{}] });
  gateways.never = await startTestGateway([subgraph], { RESPONSE_COMPRESSION: 'off' });
  await Promise.all(Object.values(gateways).map((gateway) => gateway.query({ query: '{ text }' })));
});
afterAll(async () => {
  await Promise.all(Object.values(gateways).map((gateway) => gateway.close()));
  await subgraph?.stop();
});
beforeEach(() => {
  subgraph.answer = { text: LONG, cacheControl: 'public, max-age=60' };
});

function gatewayOf(which: string): TestGateway {
  const gateway = gateways[which];
  if (!gateway) throw new Error('there is no such gateway');
  return gateway;
}

const GET: RawRequest = { search: { query: '{ text }' }, headers: PREFLIGHT };
const POST: RawRequest = { body: { query: '{ text }' } };

describe.each(['direct', 'apollo'])('an answer by %s', (which) => {
  const ask = ({ headers, ...request }: RawRequest, accepted?: string) =>
    sendRaw(gatewayOf(which).endpoint, {
      ...request,
      headers: { ...headers, ...(accepted !== undefined && { 'accept-encoding': accepted }) },
    });

  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
    ['deflate', undefined],
    ['zstd, compress', undefined],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['*;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['identity;q=1, br;q=0.9', undefined],
    ['gzip;q=0.1', 'gzip'],
    ['identity;q=0, gzip;q=0.001', 'gzip'],
    ['gzip;q=nonsense', undefined],
  ])('to a client with Accept-Encoding "%s" has the encoding %s', async (accepted, encoding) => {
    for (const request of [GET, POST]) {
      const plain = await ask(request);
      const { headers, bytes, text, status } = await ask(request, accepted);
      expect([status, headers['content-encoding'], text]).toEqual([200, encoding, plain.text]);
      expect(headers['content-length']).toBe(String(bytes.length));
      expect(headers.vary).toContain('Accept-Encoding');
      if (encoding) expect(bytes.length).toBeLessThan(plain.bytes.length / 10);
    }
  });

  it('is compressed when it is large', async () => {
    subgraph.answer.text = HUGE;
    for (const encoding of ['br', 'gzip']) {
      const answers = await Promise.all([ask(GET, encoding), ask(POST, encoding), ask(GET, encoding)]);
      for (const { headers, text } of answers) {
        expect(headers['content-encoding']).toBe(encoding);
        expect(JSON.parse(text)).toEqual({ data: { text: HUGE } });
      }
    }
  });

  it('is not compressed when it is small, unless nothing else is taken', async () => {
    subgraph.answer.text = 'short';
    expect((await ask(POST, 'br')).headers['content-encoding']).toBeUndefined();
    expect((await ask(POST, 'br, identity;q=0')).headers['content-encoding']).toBe('br');
  });

  it('is compressed when it has errors', async () => {
    subgraph.answer.error = 'No. '.repeat(500);
    const { headers, text } = await ask(POST, 'gzip');
    expect([headers['content-encoding'], JSON.parse(text)]).toMatchObject([
      'gzip',
      { errors: [{ message: subgraph.answer.error }] },
    ]);
  });

  it('to a HEAD has the head of a GET', async () => {
    const { headers } = await ask(GET, 'br');
    const head = await ask({ ...GET, method: 'HEAD' }, 'br');
    expect(head.bytes).toHaveLength(0);
    for (const name of ['content-encoding', 'content-length', 'etag', 'content-type', 'vary']) {
      expect(head.headers[name]).toBe(headers[name]);
    }
  });
});

it('a page is compressed', async () => {
  const { endpoint } = gatewayOf('direct');
  const plain = await sendRaw(endpoint, { headers: { accept: 'text/html' } });
  const { headers, bytes } = await sendRaw(endpoint, {
    headers: { accept: 'text/html', 'accept-encoding': 'br' },
  });
  expect(headers).toMatchObject({
    'content-encoding': 'br',
    'content-length': String(bytes.length),
    'content-type': plain.headers['content-type'],
  });
});

it('nothing is compressed with RESPONSE_COMPRESSION=off', async () => {
  for (const request of [GET, POST, { headers: { accept: 'text/html' } }]) {
    const headers = { ...request.headers, 'accept-encoding': 'br, gzip' };
    const answer = await sendRaw(gatewayOf('never').endpoint, { ...request, headers });
    expect(answer.bytes.length).toBeGreaterThan(1_024);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers.vary ?? '').not.toContain('Encoding');
  }
});

describe('what comes in pieces', () => {
  let shop: Shop;
  let gateway: TestGateway;
  beforeAll(async () => {
    shop = await startShop();
    gateway = await startTestGateway(shop.subgraphs);
  });
  afterAll(async () => {
    await gateway?.close();
    await shop?.stop();
  });

  it.each(['br', 'gzip'])('is compressed with %s, and each part comes when it is there', async (encoding) => {
    const gate = shop.holdReviews();
    const answer = await askInParts(gateway.endpoint, {
      body: { query: '{ me { name ... @defer { reviews { text } } } }' },
      headers: { 'accept-encoding': encoding },
    });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(await answer.next()).toEqual({ data: { me: { name: 'Ada' } }, hasNext: true });
    await gate.reached;
    gate.open();
    expect(await answer.rest()).toEqual([
      {
        incremental: [{ path: ['me'], data: { reviews: [{ text: 'Text 11' }, { text: 'Text 12' }] } }],
        hasNext: false,
      },
    ]);
  });

  it('ends what it asks of subgraphs when the client goes away', async () => {
    const gate = shop.holdReviews();
    const answer = await askInParts(gateway.endpoint, {
      body: { query: '{ me { name ... @defer { reviews { text } } } }' },
      headers: { 'accept-encoding': 'br' },
    });
    await answer.next();
    await gate.reached;
    const closed = new Promise((resolve) => shop.reviewsSockets.once('close', resolve));
    answer.abort();
    await closed;
    gate.open();
  });

  it('is not compressed as an event stream', async () => {
    const { headers, text } = await sendRaw(gateway.endpoint, {
      body: { query: '{ me { name } }' },
      headers: { accept: 'text/event-stream', 'accept-encoding': 'br, gzip' },
    });
    expect(headers['content-encoding']).toBeUndefined();
    expect(text).toContain('data: {"data":{"me":{"name":"Ada"}}}');
  });

  it('is left as it is for a client that takes no encoding', async () => {
    const { headers } = await sendRaw(gateway.endpoint, {
      body: { query: '{ me { name ... @defer { reviews { text } } } }' },
      headers: { accept: ACCEPT_PARTS },
    });
    expect(headers['content-encoding']).toBeUndefined();
  });
});
