import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRedis, startOwnRedis } from '@tributary/testing';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeadedSubgraph, startHeaded } from '../support/headed-subgraph.ts';
import { PREFLIGHT, sendRaw } from '../support/raw-request.ts';

const NOT_FOUND = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

let subgraph: HeadedSubgraph;
beforeAll(async () => {
  subgraph = await startHeaded();
});
afterAll(() => subgraph?.stop());

const extensionsOf = (text: string) => ({
  persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(text).digest('hex') },
});

/** Sends the hash of a query, and its text where it is to be registered. */
async function get({ endpoint }: TestGateway, text: string, isRegistered = true) {
  const search = { extensions: extensionsOf(text), ...(!isRegistered && { query: text }) };
  const answer = await sendRaw(endpoint, { search, headers: PREFLIGHT });
  return { ...answer, json: JSON.parse(answer.text) as unknown };
}

/** Resolves when Redis can be used; the test's own time limit ends it otherwise. */
async function redisIsUp({ url }: TestGateway): Promise<void> {
  for (;;) {
    const { text } = await sendRaw(`${url}/health/ready`, {});
    if (JSON.parse(text).checks.redis === 'ok') return;
  }
}

describeWithRedis('a query that was registered with one gateway', () => {
  it('is answered by another that knows the hash alone, also when Redis is gone', async () => {
    const redis = await startOwnRedis();
    const start = () => startTestGateway([subgraph], { REDIS_URL: redis.url });
    const [first, second] = await Promise.all([start(), start()]);
    try {
      await Promise.all([first, second].map(redisIsUp));
      const query = 'query Registered { text }';
      expect((await get(first, query)).json).toMatchObject(NOT_FOUND);
      expect((await get(first, query, false)).json).toEqual({ data: { text: 'short' } });
      const answer = await get(second, query);
      expect(answer.json).toEqual({ data: { text: 'short' } });
      expect(answer.headers['cache-control']).toBe('max-age=60, public');

      // What is not known here Apollo Server would have to look up.
      await redis.stop();
      expect((await get(second, 'query Unknown { text }')).json).toMatchObject(NOT_FOUND);
      const again = await get(second, query);
      expect([again.text, again.headers.etag]).toEqual([answer.text, answer.headers.etag]);
      const { endpoint } = second;
      const post = await sendRaw(endpoint, { body: { extensions: extensionsOf(query) } });
      expect(post.text).toBe(answer.text);
    } finally {
      await Promise.all([first.close(), second.close()]);
      await redis.stop();
    }
  });
});

describe('a registered query', () => {
  it('is answered by the supergraph of the time', async () => {
    const gateway = await startTestGateway([subgraph], { SUPERGRAPH_WATCH: 'true' });
    try {
      const query = 'query Swapped { text }';
      await get(gateway, query, false);
      const before = await get(gateway, query);
      expect(before.json).toEqual({ data: { text: 'short' } });
      /** What is answered once the supergraph has this schema; the test's own time limit ends it otherwise. */
      const afterSwapTo = async (sdl: string, isAnswered: (text: string) => boolean) => {
        await gateway.workspace.write(`${subgraph.name}.graphql`, sdl);
        for (;;) {
          const answer = await get(gateway, query);
          if (isAnswered(answer.text)) return answer;
        }
      };
      const refused = await afterSwapTo('type Query { texts: String }', (text) => text !== before.text);
      expect(refused.json).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
      expect(refused.headers['cache-control']).toBe('no-store');
      const answer = await afterSwapTo(subgraph.sdl, (text) => text === before.text);
      expect(answer.headers.etag).toBe(before.headers.etag);
    } finally {
      await gateway.close();
    }
  });

  it('is not one whose hash was another’s', async () => {
    const gateway = await startTestGateway([subgraph]);
    try {
      const [query, other] = ['query Right { text }', 'query Wrong { text }'];
      const search = { query: other, extensions: extensionsOf(query) };
      const { status } = await sendRaw(gateway.endpoint, { search, headers: PREFLIGHT });
      expect(status).toBe(400);
      expect((await get(gateway, query)).json).toMatchObject(NOT_FOUND);
      expect((await get(gateway, other)).json).toMatchObject(NOT_FOUND);
    } finally {
      await gateway.close();
    }
  });
});
