import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRedis, startTestRedis, type TestRedis } from '@tributary/testing';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let authors: TestSubgraph;

beforeAll(async () => {
  authors = await startAuthors();
});

afterAll(() => authors.stop());

async function persisted(gateway: TestGateway, hash: string, query?: string) {
  const response = await fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
  });
  return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
}

/** A query that nobody has registered before. */
function newQuery(): { query: string; hash: string } {
  const query = `query Q${randomUUID().replaceAll('-', '')} { author { name } }`;
  return { query, hash: createHash('sha256').update(query).digest('hex') };
}

const ADA = { author: { name: 'Ada' } };

/** Resolves when Redis can be used; the test's own time limit ends it otherwise. */
async function redisIsUp({ url }: TestGateway): Promise<void> {
  for (;;) {
    const { checks } = (await (await fetch(`${url}/health/ready`)).json()) as { checks: { redis: string } };
    if (checks.redis === 'ok') return;
  }
}

describeWithRedis('persisted queries in Redis', () => {
  let redis: TestRedis;
  let gateways: [TestGateway, TestGateway];

  beforeAll(async () => {
    redis = await startTestRedis();
    const env = { REDIS_URL: redis.url };
    gateways = await Promise.all([startTestGateway([authors], env), startTestGateway([authors], env)]);
    await Promise.all(gateways.map(redisIsUp));
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await redis.stop();
  });

  it('are registered with one gateway and known to all', async () => {
    const { query, hash } = newQuery();
    const [first, second] = gateways;
    expect((await persisted(first, hash)).errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await persisted(first, hash, query)).data).toEqual(ADA);
    expect((await persisted(second, hash)).data).toEqual(ADA);
  });

  it('are not registered under another’s hash', async () => {
    const { query } = newQuery();
    const { hash } = newQuery();
    expect((await persisted(gateways[0], hash, query)).data).toBeUndefined();
    expect((await persisted(gateways[1], hash)).errors?.[0]?.extensions.code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });
});

describe('persisted queries while Redis is gone', () => {
  it('fail no request, and the gateway stays ready', async () => {
    const gateway = await startTestGateway([authors], { REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      const { query, hash } = newQuery();
      expect((await persisted(gateway, hash)).errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
      expect((await persisted(gateway, hash, query)).data).toEqual(ADA);
      const ready = await fetch(`${gateway.url}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        200,
        { status: 'ok', checks: { redis: 'unavailable' } },
      ]);
    } finally {
      await gateway.close();
    }
  });
});
