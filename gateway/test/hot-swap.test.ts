import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Explanation } from '@tributary/explorer';
import { createLogger } from '@tributary/platform';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { globalId, startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';
import { NODE } from './support/workspace.ts';

let authors: TestSubgraph;
let books: TestSubgraph;
let gateway: TestGateway;
const logger = createLogger({ name: 'gateway', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
/** What the gateway logged as errors. */
const reported: string[] = [];

beforeAll(async () => {
  [authors, books] = await Promise.all([startAuthors(), startBooks()]);
  jest.spyOn(logger, 'error').mockImplementation((message: unknown) => void reported.push(String(message)));
  gateway = await startTestGateway([authors, books, NODE], { SUPERGRAPH_WATCH: 'true' }, { logger });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([authors.stop(), books.stop()]);
});

const hasField = async (type: string, field: string): Promise<boolean> => {
  const { data } = await gateway.query({ query: `{ __type(name: "${type}") { fields { name } } }` });
  const found = data?.__type as { fields: { name: string }[] } | null;
  return found?.fields.some(({ name }) => name === field) ?? false;
};

/** Resolves when the condition holds; the test's own time limit ends it otherwise. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether an operation has its plan already. */
async function isPlanned(query: string): Promise<boolean> {
  const { extensions = {} } = await gateway.query({ query, headers: { 'tributary-explain': '1' } });
  return (extensions.explain as Explanation).operation.remembered;
}

const withField = (field: string) => books.sdl.replace('type Query {', `type Query { ${field}: Int `);

describe('saving a schema', () => {
  it('swaps the supergraph while it is under load, and fails no request', async () => {
    let running = true;
    let answered = 0;
    const failed: unknown[] = [];
    const client = async () => {
      while (running) {
        const { data, errors } = await gateway.query({
          query: '{ author { name books { title author { name } } } }',
        });
        if (errors || !data?.author) failed.push({ data, errors });
        answered += 1;
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (const field of ['first', 'second', 'third']) {
      await gateway.workspace.write('books.graphql', withField(field));
      await until(() => hasField('Query', field));
    }
    running = false;
    await Promise.all(clients);
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(clients.length);
  });

  it('takes over only when what was run most is planned for it', async () => {
    const busy = 'query Busy { author { name } }';
    for (let i = 0; i < 3; i++) await gateway.query({ query: busy });
    // As many as are planned beforehand, all of them later than the busy one.
    const others = Array.from({ length: 200 }, (_, i) => `query Other${i} { author { name } }`);
    for (const query of others) await gateway.query({ query });
    await gateway.workspace.write('books.graphql', withField('busy'));
    await until(() => hasField('Query', 'busy'));
    expect(await isPlanned(busy)).toBe(true);
    expect(await isPlanned('query New { author { name } }')).toBe(false);
  });

  it('that does not compose changes nothing, until it does', async () => {
    await gateway.workspace.write('books.graphql', withField('before'));
    await until(() => hasField('Query', 'before'));
    await gateway.workspace.write('books.graphql', 'type Query {\n  broken');
    await until(async () =>
      reported.some((message) => message.includes('books.graphql:2:9 [books] Syntax Error')),
    );
    await gateway.workspace.write('books.graphql', 'type Query { author: Int }');
    await until(async () =>
      reported.some((message) => message.includes('Type of field "Query.author" is incompatible')),
    );
    const { data } = await gateway.query({ query: '{ author { name books { title } } }' });
    expect(data).toEqual({ author: { name: 'Ada', books: [{ title: 'Notes' }] } });
    expect(await hasField('Query', 'before')).toBe(true);
    await gateway.workspace.write('books.graphql', withField('after'));
    await until(() => hasField('Query', 'after'));
    expect(await hasField('Query', 'before')).toBe(false);
  });

  it('with a new type that implements Node makes its objects known to node()', async () => {
    const id = globalId('Shelf', 1);
    const ask = async () =>
      (await gateway.query({ query: `{ node(id: "${id}") { id } }` })).errors?.[0]?.extensions;
    expect(await ask()).toMatchObject({ reason: 'INVALID_ID' });
    await gateway.workspace.write(
      'books.graphql',
      `${books.sdl}\ntype Shelf implements Node @key(fields: "id") { id: ID! }`,
    );
    await until(() => hasField('Shelf', 'id'));
    // The running subgraph does not know the type yet; that it is asked is what shows here.
    expect(await ask()).not.toMatchObject({ reason: 'INVALID_ID' });
  });

  it('and a new subgraph in supergraph.yaml, the file of which is followed from then on', async () => {
    await gateway.workspace.write('extra.graphql', 'type Query { extra: Int }');
    await gateway.workspace.write(
      'supergraph.yaml',
      `subgraphs:\n  authors:\n    routing_url: ${authors.url}\n    schema: { file: authors.graphql }\n` +
        '  extra:\n    routing_url: http://127.0.0.1:1/\n    schema: { file: extra.graphql }\n',
    );
    await until(() => hasField('Query', 'extra'));
    await gateway.workspace.write('extra.graphql', 'type Query { more: Int }');
    await until(() => hasField('Query', 'more'));
    expect(await hasField('Query', 'books')).toBe(false);
  });
});
