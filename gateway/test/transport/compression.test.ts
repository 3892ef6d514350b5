import type { IncomingHttpHeaders } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FaultyServer, startFaulty } from '../support/faulty-server.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const BODY = '{"data":{"a":"ä"}}';
const BOMB = `{"data":{"a":"${' '.repeat(20_000_000)}"}}`;

let server: FaultyServer;
let gateway: TestGateway;
let asked: IncomingHttpHeaders[];

afterEach(async () => {
  await Promise.all([server.stop(), gateway.close()]);
});

/** What the gateway answers when its subgraph sends these bytes. */
async function answerTo(
  settings: string,
  encoding: string | undefined,
  bytes: Buffer | string,
  status = 200,
) {
  asked = [];
  server = await startFaulty((request, response) => {
    asked.push(request.headers);
    response.writeHead(status, {
      'content-type': 'application/graphql-response+json',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    });
    response.end(bytes);
  });
  gateway = await startTestGateway(
    [{ name: 'a', url: server.url, sdl: 'type Query { a: String }' }],
    {},
    { files: { 'gateway.yaml': `all: { ${settings} }\n` } },
  );
  return gateway.query({ query: '{ a }' });
}

describe('an answer', () => {
  it.each([
    ['gzip', 'gzip', gzipSync(BODY)],
    ['gzip', 'x-gzip', gzipSync(BODY)],
    ['br', 'br', brotliCompressSync(BODY)],
    ['gzip', 'deflate', deflateSync(BODY)],
    ['gzip', undefined, BODY],
    ['br', undefined, BODY],
  ])('with { compression: %s } may come as %s', async (compression, encoding, bytes) => {
    const { data, errors } = await answerTo(`compression: ${compression}`, encoding, bytes);
    expect([data, errors]).toEqual([{ a: 'ä' }, undefined]);
    expect(asked[0]?.['accept-encoding']).toBe(compression);
    expect(asked[0]?.['content-encoding']).toBeUndefined();
  });

  it('of errors is decoded too', async () => {
    const body = JSON.stringify({ errors: [{ message: 'No.', extensions: { code: 'NO' } }] });
    const { errors } = await answerTo('compression: gzip', 'gzip', gzipSync(body), 400);
    expect(errors).toMatchObject([{ message: 'No.', extensions: { code: 'NO' } }]);
  });

  it.each(['compression: none', ''])('is not asked for in an encoding with { %s }', async (settings) => {
    const { data } = await answerTo(settings, undefined, BODY);
    expect(data).toEqual({ a: 'ä' });
    expect(asked[0]?.['accept-encoding']).toBeUndefined();
  });
});

describe('an answer that cannot be decoded', () => {
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
  const broken = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -12), Buffer.alloc(12, 0xff)]);

  it.each<[string, string, string, Buffer | string]>([
    ['a truncated gzip', 'gzip', 'gzip', half(gzipSync(BODY))],
    ['a broken gzip', 'gzip', 'gzip', broken(gzipSync(BODY))],
    ['a truncated brotli', 'br', 'br', half(brotliCompressSync(BODY))],
    ['a broken brotli', 'br', 'br', Buffer.alloc(50, 0xff)],
    ['JSON that says it were gzip', 'gzip', 'gzip', BODY],
    ['nothing that says it were gzip', 'gzip', 'gzip', ''],
    ['an encoding that nobody knows', 'gzip', 'rot13', BODY],
    ['gzip that was not asked for', 'none', 'gzip', gzipSync(BODY)],
  ])('is an error: %s', async (_name, compression, encoding, bytes) => {
    const { data, errors } = await answerTo(`compression: ${compression}`, encoding, bytes);
    expect(data).toEqual({ a: null });
    expect(errors).toEqual([
      {
        message: 'Subgraph "a" gave an answer whose compression cannot be undone, or was not asked for.',
        path: ['a'],
        extensions: { code: 'SUBGRAPH_INVALID_ENCODING', subgraph: 'a' },
      },
    ]);
  });
});

describe('an answer that is small until it is decoded', () => {
  it.each([
    ['gzip', gzipSync(BOMB)],
    ['br', brotliCompressSync(BOMB)],
  ])('is an error when it is over the limit: %s', async (compression, bytes) => {
    expect(bytes.length).toBeLessThan(100_000);
    const { errors } = await answerTo(`compression: ${compression}, answer_limit: 1MB`, compression, bytes);
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_ANSWER_TOO_LARGE', subgraph: 'a' } }]);
    const { data } = await gateway.query({ query: '{ __typename }' });
    expect(data).toEqual({ __typename: 'Query' });
  });

  it('is an answer when it is within it', async () => {
    const body = JSON.stringify({ data: { a: 'x'.repeat(900_000) } });
    const { data } = await answerTo('compression: gzip, answer_limit: 1MB', 'gzip', gzipSync(body));
    expect(String(data.a)).toHaveLength(900_000);
  });
});

it('an answer in an encoding that stops in the middle is timed out', async () => {
  server = await startFaulty((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.write(gzipSync(BODY).subarray(0, 12));
  });
  gateway = await startTestGateway(
    [{ name: 'a', url: server.url, sdl: 'type Query { a: String }' }],
    {},
    { files: { 'gateway.yaml': 'subgraphs: { a: { compression: gzip, timeout: 300ms } }\n' } },
  );
  const { errors } = await gateway.query({ query: '{ a }' });
  expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
});
