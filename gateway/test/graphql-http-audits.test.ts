import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors, startBooks } from './support/library.ts';
import { PREFLIGHT } from './support/raw-request.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let subgraphs: TestSubgraph[];
let gateway: TestGateway;

beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  gateway = await startTestGateway(subgraphs);
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
});

/** The audits know nothing of the header that a GET needs here, so that no other site can send one. */
const withPreflight: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...PREFLIGHT, ...(init?.headers as Record<string, string>) } });

const audits = serverAudits({ url: () => gateway.endpoint, fetchFn: withPreflight });

it('there are as many audits of GraphQL over HTTP as ever', () => {
  expect(audits).toHaveLength(61);
});

/** At first by way of Apollo Server; then, what was compiled before, past it. */
describe.each([['asked for the first time'], ['asked again']])('GraphQL over HTTP, %s', () => {
  it.each(audits.map(({ id, name, fn }) => ({ id, name, fn })))('$id $name', async ({ fn }) => {
    const result = await fn();
    expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
  });
});
