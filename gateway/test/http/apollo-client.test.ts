import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeadedSubgraph, startHeaded } from '../support/headed-subgraph.ts';

let subgraph: HeadedSubgraph;
let gateway: TestGateway;
beforeAll(async () => {
  subgraph = await startHeaded();
  gateway = await startTestGateway([subgraph]);
});
afterAll(async () => {
  await gateway?.close();
  await subgraph?.stop();
});

/** Has a client with an empty cache ask for the text; its requests are noted. */
async function askWithNewClient() {
  const requests: { method: string | undefined; hasText: boolean; cacheControl: string | null }[] = [];
  const http = new HttpLink({
    uri: gateway.endpoint,
    fetch: async (url, options) => {
      const response = await fetch(url, options);
      requests.push({
        method: options?.method,
        hasText: new URL(String(url)).searchParams.has('query') || String(options?.body).includes('{'),
        cacheControl: response.headers.get('cache-control'),
      });
      return response;
    },
  });
  const persisted = new PersistedQueryLink({
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    useGETForHashedQueries: true,
  });
  const client = new ApolloClient({ link: persisted.concat(http), cache: new InMemoryCache() });
  const { data } = await client.query({ query: gql`query Persisted { text }` });
  client.stop();
  return { data, requests };
}

it('Apollo Client registers a query once, then all of its users get it by its hash', async () => {
  const first = await askWithNewClient();
  expect(first.data).toEqual({ text: 'short' });
  expect(first.requests).toEqual([
    { method: 'GET', hasText: false, cacheControl: 'no-store' },
    { method: expect.any(String), hasText: true, cacheControl: 'max-age=60, public' },
  ]);
  for (let users = 0; users < 2; users++) {
    expect(await askWithNewClient()).toEqual({
      data: { text: 'short' },
      requests: [{ method: 'GET', hasText: false, cacheControl: 'max-age=60, public' }],
    });
  }
});
