import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '@tributary/testing';
import { withoutMapping } from '../src/server/client-address.ts';
import { startTestGateway } from './support/gateway.ts';
import { startAuthors } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let authors: TestSubgraph;

beforeAll(async () => {
  authors = await startAuthors();
});

afterAll(() => authors.stop());

/** The client's address as the subgraph is told, of a request that came through these proxies. */
async function addressSeen(env: Record<string, string>, forwarded: string): Promise<unknown> {
  const gateway = await startTestGateway([authors], { INTERNAL_SECRET: TEST_SECRET, ...env });
  try {
    const headers = forwarded === '' ? {} : { 'x-forwarded-for': forwarded };
    const { data } = await gateway.query({ query: '{ whoami }', headers });
    return JSON.parse(String(data.whoami)).clientAddress;
  } finally {
    await gateway.close();
  }
}

describe('the client’s address', () => {
  it.each([
    ['nobody', '203.0.113.9', '127.0.0.1'],
    ['1', '203.0.113.9', '203.0.113.9'],
    ['1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['2', '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    ['2', '192.0.2.66, 198.51.100.1, 203.0.113.9', '198.51.100.1'],
    ['5', '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    ['1', '', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.0/8, 203.0.113.0/24', '192.0.2.66, 198.51.100.1, 203.0.113.9', '198.51.100.1'],
    ['10.0.0.0/8', '198.51.100.1, 203.0.113.9', '127.0.0.1'],
    ['1', '2001:db8::1', '2001:db8::1'],
    ['1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['1', '<script>', '127.0.0.1'],
    ['1', '203.0.113.9:1234', '127.0.0.1'],
  ])('with %s trusted, and "%s" forwarded, is %s', async (trusted, forwarded, expected) => {
    const env = trusted === 'nobody' ? {} : { TRUST_PROXY: trusted };
    expect(await addressSeen(env, forwarded)).toBe(expected);
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::ffff:c000:201', '2001:db8::ffff:c000:201'],
  ])('%s is written as %s', (address, expected) => {
    expect(withoutMapping(address)).toBe(expected);
  });
});
