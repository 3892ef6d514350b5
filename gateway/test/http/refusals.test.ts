import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startAuthors } from '../support/library.ts';
import { sendText } from '../support/raw-text.ts';
import type { TestSubgraph } from '../support/subgraph.ts';

let authors: TestSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  authors = await startAuthors();
  gateway = await startTestGateway([authors], { NODE_ENV: 'production' });
});

afterAll(async () => {
  await gateway.close();
  await authors.stop();
});

const OPERATION = '{"query":"{__typename}"}';

/** A request over the wire, whose connection is closed after it. */
const request = (line: string, headers: Record<string, string> = {}, body = '') =>
  [
    `${line} HTTP/1.1`,
    'Host: gateway',
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    '',
    body,
  ].join('\r\n');

const post = (type: string | null, body: string, headers: Record<string, string> = {}) =>
  request('POST /graphql', { ...(type !== null && { 'Content-Type': type }), ...headers }, body);

const JSON_TYPE = 'application/json';
const PREFLIGHT = { 'apollo-require-preflight': '1' };

describe('what is no operation is refused with JSON and a code, and nothing of the inside', () => {
  it.each<[string, string, number, string]>([
    ['an unknown path', request('GET /nope?secret'), 404, 'NOT_FOUND'],
    ['a path with two slashes', request('GET //graphql?query={__typename}', PREFLIGHT), 404, 'NOT_FOUND'],
    [
      'a POST to an unknown path',
      request('POST /api', { 'Content-Type': JSON_TYPE }, '{}'),
      404,
      'NOT_FOUND',
    ],
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].map(
      (method): [string, string, number, string] => [
        `the method ${method}`,
        request(`${method} /graphql`),
        405,
        'METHOD_NOT_ALLOWED',
      ],
    ),
    ['a method that there is not', request('NONSENSE /graphql'), 400, 'BAD_REQUEST'],
    ['a path that cannot be decoded', request('GET /graphql%ff'), 400, 'BAD_REQUEST'],
    ['a URL that is none', request('GET http://%/graphql?query={a}', PREFLIGHT), 400, 'BAD_REQUEST'],
    [
      'variables that cannot be decoded',
      request('GET /graphql?query={__typename}&variables=%zz', PREFLIGHT),
      400,
      'BAD_REQUEST',
    ],
    ['a URL of 20 kB', request(`GET /graphql?query=${'a'.repeat(20_000)}`), 431, 'HEADERS_TOO_LARGE'],
    ['headers of 20 kB', request('GET /graphql', { 'x-a': 'a'.repeat(20_000) }), 431, 'HEADERS_TOO_LARGE'],
    ['what is not HTTP', 'nonsense\r\n\r\n', 400, 'BAD_REQUEST'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'BAD_REQUEST'],
    ['two lengths', post(JSON_TYPE, OPERATION, { 'content-length': '3' }), 400, 'BAD_REQUEST'],
    [
      'a length and chunks',
      post(JSON_TYPE, OPERATION, { 'transfer-encoding': 'chunked' }),
      400,
      'BAD_REQUEST',
    ],
    [
      'chunks that are none',
      `${request('POST /graphql', { 'Content-Type': JSON_TYPE, 'transfer-encoding': 'chunked' })}zz\r\n`,
      400,
      'BAD_REQUEST',
    ],
    ['malformed JSON', post(JSON_TYPE, '{"query": '), 400, 'BAD_REQUEST'],
    [
      'a key `__proto__`',
      post(JSON_TYPE, '{"query":"{__typename}","__proto__":{"a":1}}'),
      400,
      'BAD_REQUEST',
    ],
    ['JSON null', post(JSON_TYPE, 'null'), 400, 'BAD_REQUEST'],
    ['a batch', post(JSON_TYPE, `[${OPERATION}]`), 400, 'BAD_REQUEST'],
    [
      'a body of 101 kB',
      post(JSON_TYPE, JSON.stringify({ query: '#'.repeat(101_000) })),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ';;', null].map(
      (type): [string, string, number, string] => [
        `a body of the type ${type}`,
        post(type, OPERATION),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ],
    ),
    [
      'a compressed body',
      post(JSON_TYPE, OPERATION, { 'content-encoding': 'gzip' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an answer of another type', post(JSON_TYPE, OPERATION, { accept: 'text/plain' }), 406, 'BAD_REQUEST'],
  ])('%s', async (_name, bytes, status, code) => {
    const answer = await sendText(gateway.url, bytes);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      status,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('server');
    expect(answer.body).not.toMatch(/<html|node_modules|\.[jt]s:\d|FST_|HPE_|secret|127\.0\.0\.1/i);
    expect(JSON.parse(answer.body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code } }],
    });
  });

  it('says which methods there are', async () => {
    const { headers } = await sendText(gateway.url, request('PUT /graphql'));
    expect(headers.allow).toBe('GET, POST');
  });

  it('says that bodies come as they are, and takes one that says so itself', async () => {
    const encoded = (encoding: string) =>
      sendText(gateway.url, post(JSON_TYPE, OPERATION, { 'content-encoding': encoding }));
    const { headers, body } = await encoded('br');
    expect(headers['accept-encoding']).toBe('identity');
    expect(body).toContain('without Content-Encoding');
    expect((await encoded('identity')).status).toBe(200);
  });

  it('goes on to answer others', async () => {
    const { status, body } = await sendText(gateway.url, post(JSON_TYPE, OPERATION));
    expect([status, JSON.parse(body)]).toEqual([200, { data: { __typename: 'Query' } }]);
  });
});

it('an operation that the document has not, or does not say which, is refused as the client’s mistake', async () => {
  for (const given of [
    { query: 'query A { __typename }', operationName: 'B' },
    { query: 'query A { __typename } query B { __typename }' },
  ]) {
    const { body } = await sendText(gateway.url, post(JSON_TYPE, JSON.stringify(given)));
    expect(JSON.parse(body).errors).toMatchObject([{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
  }
});
