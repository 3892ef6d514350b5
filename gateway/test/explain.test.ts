import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainedFetch, ExplainedNode, Explanation } from '@tributary/explorer';
import { answering, type FaultyServer, SECRET, startFaulty } from './support/faulty-server.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors, startBooks } from './support/library.ts';
import { askInParts } from './support/parts.ts';
import type { TestSubgraph } from './support/subgraph.ts';
import { NODE } from './support/workspace.ts';

/** What passed between the gateway and a subgraph. */
interface Exchange {
  query: string;
  bytesOut: number;
  bytesIn: number;
}

const EXPLAIN = { 'tributary-explain': '1' };
const TWICE =
  'query Twice { books { title author { name } editor { name } } again: books { author { name } } }';

let authors: TestSubgraph;
let books: TestSubgraph;
let proxies: FaultyServer[];
let gateway: TestGateway;
let exchanges: Exchange[] = [];

/** Hands everything on to a subgraph, and notes what it was. */
const recording = (subgraph: TestSubgraph) =>
  startFaulty(async (request, response) => {
    const body = await text(request);
    const headers = { 'content-type': 'application/json' };
    const answer = await (await fetch(subgraph.url, { method: 'POST', headers, body })).text();
    exchanges.push({
      query: JSON.parse(body).query,
      bytesOut: Buffer.byteLength(body),
      bytesIn: Buffer.byteLength(answer),
    });
    response.writeHead(200, headers);
    response.end(answer);
  });

beforeAll(async () => {
  [authors, books] = await Promise.all([startAuthors(), startBooks()]);
  proxies = await Promise.all([authors, books].map(recording));
  const [first, second] = proxies.map(({ url }) => url);
  gateway = await startTestGateway([authors, books, NODE], {
    SUBGRAPH_URLS: `authors=${first},books=${second}`,
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([...(proxies ?? []), authors, books].map((server) => server.stop()));
});

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  exchanges = [];
  for (const { close } of opened.splice(0).reverse()) await close();
});

/** Runs an operation with the header. */
async function explained(query: string, { endpoint }: TestGateway = gateway) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...EXPLAIN },
    body: JSON.stringify({ query }),
  });
  const body = await response.text();
  const { data, errors, extensions } = JSON.parse(body);
  return { body, data, errors, explain: extensions.explain as Explanation };
}

/** The fetches of a plan, from its start. */
function fetchesOf(node: ExplainedNode | null): Extract<ExplainedNode, { kind: 'fetch' }>[] {
  if (!node) return [];
  if (node.kind === 'fetch') return [node];
  if (node.kind === 'defer') return [node.first, ...node.later.map((part) => part.node)].flatMap(fetchesOf);
  return (node.kind === 'condition' ? [node.ifTrue, node.ifFalse] : node.nodes).flatMap(fetchesOf);
}

const measured = ({ query, bytesOut, bytesIn }: ExplainedFetch) => ({ query, bytesOut, bytesIn });

describe('extensions.explain', () => {
  it('has each request with its time and its size, and the fetches that went together', async () => {
    const { data, errors, explain } = await explained(TWICE);
    expect(errors).toBeUndefined();
    expect(explain.fetches.map(measured)).toEqual(exchanges);
    const [root, entities, ...others] = explain.fetches;
    expect(others).toEqual([]);
    expect(root).toMatchObject({
      subgraph: 'books',
      parts: [{ kind: 'root', path: [], entities: null }],
      attempts: 1,
      status: 200,
      error: null,
      errors: 0,
      cache: 'none',
    });
    expect(entities).toMatchObject({ subgraph: 'authors', attempts: 1, status: 200, error: null });
    expect(entities?.parts.map(({ kind, path, entities: counts }) => ({ kind, path, counts }))).toEqual([
      { kind: 'entities', path: ['books', '@', 'author'], counts: { wanted: 1, sent: 1 } },
      { kind: 'entities', path: ['books', '@', 'editor'], counts: { wanted: 1, sent: 1 } },
      { kind: 'entities', path: ['again', '@', 'author'], counts: { wanted: 1, sent: 1 } },
    ]);
    expect(explain.answer.bytes).toBe(Buffer.byteLength(JSON.stringify(data)));
    const times = [root, entities].flatMap((fetch) => [fetch?.start, fetch?.end]);
    expect(explain.duration).toBe(explain.answer.end);
    const inOrder = [0, ...times, explain.answer.start, explain.answer.end, explain.duration];
    expect(inOrder).toEqual([...inOrder].sort((a, b) => Number(a) - Number(b)));
    expect(Number(root?.end) - Number(root?.start)).toBeGreaterThan(0);
  });

  it('names the fetches of the plan as they are named where they ran', async () => {
    const { explain } = await explained(TWICE);
    const planned = fetchesOf(explain.plan);
    const ran = explain.fetches.flatMap(({ parts, subgraph }) =>
      parts.map((part) => ({ ...part, subgraph })),
    );
    const named = ({ id, subgraph, path }: { id: string; subgraph: string; path: unknown }) =>
      `${id} ${subgraph} ${JSON.stringify(path)}`;
    expect(planned).toHaveLength(4);
    expect(ran.map(named).sort()).toEqual(planned.map(named).sort());
    expect(explain.planText).toContain('Fetch(service: "authors")');
  });

  it('counts the objects of the answer and the entities asked for apart', async () => {
    const author = { __typename: 'Author', id: 'MQ' };
    const body = { data: { books: [{ author }, { author: null }, { author }] } };
    const twoBooks = await startFaulty(answering(200, JSON.stringify(body)));
    opened.push({ close: () => twoBooks.stop() });
    const other = await startTestGateway([authors, books], { SUBGRAPH_URLS: `books=${twoBooks.url}` });
    opened.push(other);
    const { explain } = await explained('{ books { author { name } } }', other);
    expect(explain.fetches[1]?.parts[0]?.entities).toEqual({ wanted: 2, sent: 1 });
  });

  it('tells whether the operation was remembered, and what planning it took', async () => {
    const query = 'query Remembered { author { name } }';
    const { explain: first } = await explained(query);
    const { explain: second } = await explained(query);
    expect(first.operation).toMatchObject({ name: 'Remembered', kind: 'query', remembered: false });
    expect(first.operation.planning).toBeGreaterThan(0);
    expect(first.operation.compiling).toBeGreaterThan(0);
    expect(second.operation).toEqual({ ...first.operation, remembered: true });
  });

  it('has mutations, one after the other', async () => {
    const { explain } = await explained('mutation Rename { rename(name: "Ünal") { name books { title } } }');
    expect(explain.operation.kind).toBe('mutation');
    expect(explain.fetches.map(({ subgraph }) => subgraph)).toEqual(['authors', 'books']);
    expect(explain.fetches.map(measured)).toEqual(exchanges);
  });

  it('has what the first answer took when parts of it are deferred, and the parts in the plan', async () => {
    const query = '{ books { title author { ... @defer(label: "who") { name } } } }';
    for (const remembered of [false, true]) {
      const answer = await askInParts(gateway.endpoint, { body: { query }, headers: EXPLAIN });
      const [first, ...later] = await answer.rest();
      expect(later).toHaveLength(1);
      expect(JSON.stringify(later)).not.toContain('explain');
      const explain = first?.extensions?.explain as Explanation;
      expect(explain.operation.remembered).toBe(remembered);
      expect(explain.fetches.map(({ subgraph }) => subgraph)).toEqual(['books']);
      expect(explain.answer.bytes).toBe(Buffer.byteLength(JSON.stringify(first?.data)));
      expect(explain.plan).toMatchObject({
        kind: 'defer',
        first: { kind: 'fetch', id: '0', subgraph: 'books' },
        later: [
          {
            label: 'who',
            path: ['books', 'author'],
            after: ['0'],
            node: { kind: 'fetch', id: '1', subgraph: 'authors', path: ['books', '@', 'author'] },
          },
        ],
      });
      expect(explain.planText).toContain('Deferred(');
    }
  });

  it('is there when no subgraph is asked, and when the gateway answers a fetch itself', async () => {
    const { explain } = await explained('{ __typename }');
    expect(explain).toMatchObject({ plan: null, planText: '', fetches: [] });
    const { explain: node } = await explained('{ node(id: "nonsense") { id } }');
    expect(node.fetches[0]).toMatchObject({
      subgraph: 'node',
      attempts: 0,
      bytesOut: null,
      bytesIn: null,
      status: null,
    });
  });

  it('has the tries to deal a joined answer out that failed', async () => {
    const nothing = await startFaulty(answering(200, '{"data":null,"errors":[{"message":"no"}]}'));
    opened.push({ close: () => nothing.stop() });
    const other = await startTestGateway([authors, books], { SUBGRAPH_URLS: `authors=${nothing.url}` });
    opened.push(other);
    const { explain } = await explained(TWICE, other);
    expect(explain.fetches.map(({ parts, errors }) => [parts.length, errors])).toEqual([
      [1, 0],
      [3, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});

describe('a failure in extensions.explain', () => {
  it.each([
    ['an error of HTTP', answering(500, SECRET), { error: 'SUBGRAPH_UNAVAILABLE', status: 500, bytesIn: 16 }],
    ['no GraphQL', answering(200, SECRET), { error: 'SUBGRAPH_INVALID_RESPONSE', status: 200, bytesIn: 16 }],
    ['no answer', () => undefined, { error: 'SUBGRAPH_TIMEOUT', status: null, bytesIn: null }],
  ])('has a code for %s, and nothing of what the subgraph said', async (_, listener, told) => {
    const faulty = await startFaulty(listener);
    opened.push({ close: () => faulty.stop() });
    const other = await startTestGateway([authors, books], {
      SUBGRAPH_URLS: `authors=${faulty.url}`,
      SUBGRAPH_TIMEOUT_MS: '200',
    });
    opened.push(other);
    const { body, errors, explain } = await explained(TWICE, other);
    expect(explain.fetches[1]).toMatchObject({ subgraph: 'authors', attempts: 1, errors: 0, ...told });
    expect(explain.fetches[1]?.bytesOut).toBeGreaterThan(0);
    expect(explain.fetches[0]?.error).toBeNull();
    expect(errors[0].extensions.code).toBe(told.error);
    expect(body).not.toContain(SECRET);
  });
});

describe('the header', () => {
  it.each([{}, { 'tributary-explain': '0' }])('has to be 1: %j', async (headers) => {
    const answer = await gateway.query({ query: '{ author { name } }', headers });
    expect(answer).toMatchObject({ data: { author: { name: 'Ada' } } });
    expect(answer).not.toHaveProperty('extensions');
  });

  it('goes with the one for the plan', async () => {
    const headers = { ...EXPLAIN, 'apollo-query-plan-experimental': '1' };
    expect(await gateway.query({ query: '{ author { name } }', headers })).toMatchObject({
      extensions: { __queryPlanExperimental: expect.any(String), explain: { version: 1 } },
    });
  });

  it('is ignored in production', async () => {
    const production = await startTestGateway([authors, books], { NODE_ENV: 'production' });
    opened.push(production);
    for (let times = 0; times < 2; times++) {
      const answer = await production.query({ query: '{ author { name } }', headers: EXPLAIN });
      expect(answer).toMatchObject({ data: { author: { name: 'Ada' } } });
      expect(answer).not.toHaveProperty('extensions');
    }
    expect((await fetch(`${production.url}/explorer/explain`)).status).toBe(404);
  });
});
