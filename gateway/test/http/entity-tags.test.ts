import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeadedSubgraph, startHeaded } from '../support/headed-subgraph.ts';
import { PREFLIGHT, type RawRequest, sendRaw } from '../support/raw-request.ts';

const LONG = 'a long text, '.repeat(200);
const STRONG_TAG = /^"[\w-]+"$/;

let subgraph: HeadedSubgraph;
/** By what answers; each has compiled the operation. */
const gateways: Record<string, TestGateway> = {};
beforeAll(async () => {
  subgraph = await startHeaded();
  gateways.direct = await startTestGateway([subgraph]);
  gateways.apollo = await startTestGateway([subgraph], {}, { plugins: [{}] });
  gateways.executor = await startTestGateway([subgraph], { EXECUTOR: 'apollo' });
  await Promise.all(Object.values(gateways).map((gateway) => gateway.query({ query: '{ text }' })));
});
afterAll(async () => {
  await Promise.all(Object.values(gateways).map((gateway) => gateway.close()));
  await subgraph?.stop();
});
beforeEach(() => {
  subgraph.answer = { text: LONG, cacheControl: 'public, max-age=60' };
});

describe.each(['direct', 'apollo', 'executor'])('a GET, answered by %s,', (which) => {
  const get = (headers: Record<string, string> = {}, request: RawRequest = {}) => {
    const gateway = gateways[which];
    if (!gateway) throw new Error('there is no such gateway');
    const search = { query: '{ text }' };
    return sendRaw(gateway.endpoint, { search, ...request, headers: { ...PREFLIGHT, ...headers } });
  };

  it('has a strong tag, which changes with the answer', async () => {
    const first = await get();
    expect(first.headers.etag).toMatch(STRONG_TAG);
    expect((await get()).headers.etag).toBe(first.headers.etag);
    subgraph.answer.text = LONG.replace('a', 'b');
    expect((await get()).headers.etag).not.toBe(first.headers.etag);
  });

  it('has another tag in each encoding and media type', async () => {
    const answers = await Promise.all([
      get(),
      get({ 'accept-encoding': 'gzip' }),
      get({ 'accept-encoding': 'br' }),
      get({ accept: 'application/graphql-response+json' }),
      get({ accept: 'application/graphql-response+json', 'accept-encoding': 'br' }),
    ]);
    const tags = answers.map(({ headers }) => String(headers.etag));
    for (const tag of tags) expect(tag).toMatch(STRONG_TAG);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('has no tag when it may not be kept', async () => {
    subgraph.answer.cacheControl = 'no-store';
    const { status, headers } = await get({ 'if-none-match': '*' });
    expect([status, headers.etag]).toEqual([200, undefined]);
  });

  it.each<[string, (tag: string) => string]>([
    ['that tag', (tag) => tag],
    ['that tag as a weak one', (tag) => `W/${tag}`],
    ['a list with that tag', (tag) => `"other", W/"x,y" ,${tag}`],
    ['any tag', () => ' * '],
  ])('is answered with 304 to a client that has %s', async (_what, header) => {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const full = await get({ 'accept-encoding': encoding });
      const headers = { 'accept-encoding': encoding, 'if-none-match': header(String(full.headers.etag)) };
      const { status, headers: head, bytes } = await get(headers);
      expect([status, bytes.length]).toEqual([304, 0]);
      expect(head).toMatchObject({
        etag: full.headers.etag,
        vary: full.headers.vary,
        'cache-control': 'max-age=60, public',
        'x-request-id': expect.any(String),
        date: expect.any(String),
      });
      for (const name of ['content-type', 'content-encoding', 'content-length', 'transfer-encoding']) {
        expect(head).not.toHaveProperty(name);
      }
      const { status: ofHead, headers: headOfHead } = await get(headers, { method: 'HEAD' });
      expect([ofHead, headOfHead.etag]).toEqual([304, full.headers.etag]);
    }
  });

  it.each<[string, (tag: string) => string]>([
    ['a tag of an answer before', () => '"stale"'],
    ['the tag without its quotes', (tag) => tag.slice(1, -1)],
    ['the tag in other letters', (tag) => tag.toLowerCase()],
    ['a part of the tag', (tag) => `${tag.slice(0, -2)}"`],
    ['a tag that only holds a star', () => '"*"'],
    ['an empty list', () => ','],
  ])('is answered in full to a client that has %s', async (_what, header) => {
    const full = await get();
    const { status, text } = await get({ 'if-none-match': header(String(full.headers.etag)) });
    expect([status, text]).toEqual([200, full.text]);
  });

  it('is answered in full to a client that has it in another encoding', async () => {
    const { headers } = await get({ 'accept-encoding': 'gzip' });
    expect((await get({ 'if-none-match': String(headers.etag) })).status).toBe(200);
  });

  it('is answered in full when the answer has an error, whatever the client has', async () => {
    subgraph.answer.error = 'No.';
    const { status, text } = await get({ 'if-none-match': '*' });
    expect([status, JSON.parse(text)]).toMatchObject([200, { errors: [{ message: 'No.' }] }]);
  });

  it('is answered with its errors whatever the client has', async () => {
    const { status } = await get(
      { 'if-none-match': '*', accept: 'application/graphql-response+json' },
      { search: { query: '{' } },
    );
    expect(status).toBe(400);
  });

  it('is the only method with tags, beside HEAD', async () => {
    const { status, headers } = await get({ 'if-none-match': '*' }, { body: { query: '{ text }' } });
    expect([status, headers.etag]).toEqual([200, undefined]);
  });
});
