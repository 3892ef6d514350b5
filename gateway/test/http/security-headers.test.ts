import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startAuthors } from '../support/library.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import type { TestSubgraph } from '../support/subgraph.ts';

let authors: TestSubgraph;
let gateway: TestGateway;
let behindTls: TestGateway;

beforeAll(async () => {
  authors = await startAuthors();
  gateway = await startTestGateway([authors]);
  behindTls = await startTestGateway([authors], { HSTS_MAX_AGE: '31536000' });
});

afterAll(async () => {
  await gateway.close();
  await behindTls.close();
  await authors.stop();
});

describe('an answer tells browsers not to guess its type, and not to show it in a page of others', () => {
  const body = { query: '{ author { name } }' };
  it.each<[string, string, RawRequest]>([
    ['to an operation', '/graphql', { body }],
    ['to one that was compiled before', '/graphql', { body }],
    ['to what is no operation', '/graphql', { body: {} }],
    ['in an event stream', '/graphql', { body, headers: { accept: 'text/event-stream' } }],
    ['with Apollo Sandbox', '/graphql', { headers: { accept: 'text/html' } }],
    ['with the explorer', '/explorer', {}],
    ['from a path where nothing is', '/nope', {}],
    ['about its health', '/health/live', {}],
  ])('%s', async (_name, path, request) => {
    const { headers } = await sendRaw(gateway.url + path, request);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    for (const name of ['server', 'x-powered-by', 'strict-transport-security']) {
      expect(headers).not.toHaveProperty(name);
    }
    if (String(headers['content-type']).startsWith('text/html')) {
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
    const secured = await sendRaw(behindTls.url + path, request);
    expect(secured.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});
