import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ADA, startAuthors, startBooks } from '../support/library.ts';
import { PREFLIGHT, type RawRequest, sendRaw } from '../support/raw-request.ts';
import type { TestSubgraph } from '../support/subgraph.ts';

let subgraphs: TestSubgraph[];
let gateway: TestGateway;
/** The same gateway with a plugin, so that Apollo Server answers every request. */
let through: TestGateway;
beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  gateway = await startTestGateway(subgraphs);
  through = await startTestGateway(subgraphs, {}, { plugins: [{}] });
});
afterAll(async () => {
  await gateway?.close();
  await through?.close();
  await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.stop()));
});

/** All of an answer that is not different each time. */
async function answerOf({ endpoint }: TestGateway, { headers, ...request }: RawRequest) {
  const given = { ...PREFLIGHT, 'x-request-id': 'the-same', ...headers };
  const answer = await sendRaw(endpoint, { ...request, headers: given });
  return { status: answer.status, headers: { ...answer.headers, date: '' }, text: answer.text };
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string, version: unknown = 1) => ({
  persistedQuery: { version, sha256Hash: hash(text) },
});

const AUTHOR = '{ author { id name } }';
const NODE = 'query Node($id: ID!) { node(id: $id) { ... on Author { name } } }';
const TWO = 'query One { author { name } } mutation Two { rename(name: "B") { name } }';
const LATER = '\nquery Blank { author { name } }';
const NOT_PREFLIGHTED = { 'apollo-require-preflight': '' };

const REQUESTS: Record<string, RawRequest> = {
  'a query': { search: { query: AUTHOR } },
  'with variables': { search: { query: NODE, variables: { id: ADA } } },
  'with wrong variables': { search: { query: NODE, variables: { id: [] } } },
  'without its variables': { search: { query: NODE } },
  'with a list of variables': { search: { query: AUTHOR, variables: [1] } },
  'with variables that are null': { search: { query: AUTHOR, variables: null } },
  'with variables that are no JSON': { search: { query: AUTHOR, variables: '{' } },
  'with no variables': { search: { query: AUTHOR, variables: '' } },
  'with a parameter that nobody knows': { search: { query: AUTHOR, other: '1' } },
  'with a parameter twice': { search: `?query=${AUTHOR}&query=${AUTHOR}` },
  'with blanks as pluses': { search: '?query=query+Q{author{name}}' },
  'the query of a query and a mutation': { search: { query: TWO, operationName: 'One' } },
  'the mutation of a query and a mutation': { search: { query: TWO, operationName: 'Two' } },
  'neither of two operations': { search: { query: TWO } },
  'a text that begins with a blank line': { search: { query: LATER } },
  'the same by its name': { search: { query: LATER, operationName: 'Blank' } },
  'the same without the line, by an empty name': { search: { query: LATER.trim(), operationName: '' } },
  'a mutation': { search: { query: 'mutation { rename(name: "B") { name } }' } },
  'no query': { search: {} },
  'a field that fails': { search: { query: '{ author { name } failing }' } },
  'one that is not valid': { search: { query: '{ nothing }' } },
  'with extensions of a client': { search: { query: AUTHOR, extensions: { clientLibrary: { name: 'a' } } } },
  'with extensions that are null': { search: { query: AUTHOR, extensions: null } },
  'with a list of extensions': { search: { query: AUTHOR, extensions: [] } },
  'a persisted query': { search: { extensions: persisted(AUTHOR) } },
  'a persisted query with its text': { search: { query: AUTHOR, extensions: persisted(AUTHOR) } },
  'a persisted query, again': { search: { extensions: persisted(AUTHOR) } },
  'a persisted query by POST': { body: { extensions: persisted(AUTHOR) } },
  'a persisted query by POST, its text null': { body: { query: null, extensions: persisted(AUTHOR) } },
  'a persisted query by POST, its text empty': { body: { query: '', extensions: persisted(AUTHOR) } },
  'a persisted query of another version': { search: { extensions: persisted(AUTHOR, 2) } },
  'a persisted query of the version "1"': { search: { extensions: persisted(AUTHOR, '1') } },
  'a persisted query without a hash': { search: { extensions: { persistedQuery: { version: 1 } } } },
  'a persisted query with another text': { search: { query: NODE, extensions: persisted(AUTHOR) } },
  'a persisted mutation by POST': { body: { query: TWO, operationName: 'Two', extensions: persisted(TWO) } },
  'a persisted mutation': { search: { operationName: 'Two', extensions: persisted(TWO) } },
  'the query beside a persisted mutation': { search: { operationName: 'One', extensions: persisted(TWO) } },
  'from a page of another site': { search: { query: AUTHOR }, headers: NOT_PREFLIGHTED },
  'with a content type that a page can send': {
    search: { query: AUTHOR },
    headers: { ...NOT_PREFLIGHTED, 'content-type': 'text/plain' },
  },
  'with the content type of JSON': {
    search: { query: AUTHOR },
    headers: { ...NOT_PREFLIGHTED, 'content-type': 'application/json' },
  },
  'with a content type in other words': {
    search: { query: AUTHOR },
    headers: { ...NOT_PREFLIGHTED, 'content-type': 'Application/JSON; charset=utf-8' },
  },
  'with a content type of a form and a preflight': {
    search: { query: AUTHOR },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  'with an operation’s name in a header': {
    search: { query: AUTHOR },
    headers: { ...NOT_PREFLIGHTED, 'x-apollo-operation-name': 'A' },
  },
  'for application/graphql-response+json': {
    search: { query: AUTHOR },
    headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
  },
  'for no type there is': { search: { query: AUTHOR }, headers: { accept: 'image/png' } },
  'a HEAD': { method: 'HEAD', search: { query: AUTHOR } },
  'a HEAD of a mutation': { method: 'HEAD', search: { query: 'mutation { rename(name: "B") { name } }' } },
  'a PUT': { method: 'PUT', search: { query: AUTHOR } },
};

it.each(Object.entries(REQUESTS))('is answered as Apollo Server answers it: %s', async (_, request) => {
  const expected = await answerOf(through, request);
  expect(await answerOf(gateway, request)).toEqual(expected);
  expect(await answerOf(gateway, request)).toEqual(expected);
  expect(await answerOf(through, request)).toEqual(expected);
});

describe('a GET', () => {
  it('is answered, and refused to a page of another site', async () => {
    for (let times = 0; times < 2; times++) {
      const answer = await answerOf(gateway, { search: { query: AUTHOR } });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        200,
        { data: { author: { id: ADA, name: 'Ada' } } },
      ]);
      const refused = await answerOf(gateway, { search: { query: AUTHOR }, headers: NOT_PREFLIGHTED });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('CSRF')]);
    }
  });

  it('changes nothing', async () => {
    const change = { query: 'mutation Change { rename(name: "C") { name } }' };
    expect((await answerOf(gateway, { body: change })).status).toBe(200);
    const { status, headers } = await answerOf(gateway, { search: change });
    expect([status, headers.allow]).toEqual([405, 'POST']);
  });
});

describe('a HEAD', () => {
  it('has the head of a GET, and no body', async () => {
    for (let times = 0; times < 2; times++) {
      const get = await answerOf(gateway, { search: { query: '{ author { name id } }' } });
      const head = await answerOf(gateway, { method: 'HEAD', search: { query: '{ author { name id } }' } });
      expect(head).toEqual({ ...get, text: '' });
      expect(head.headers['content-length']).toBe(String(get.text.length));
    }
  });
});

describe('an operation’s name', () => {
  it('is not taken for a part of its text', async () => {
    const named = { query: LATER.trim(), operationName: '' };
    expect((await answerOf(gateway, { body: { query: LATER } })).text).toContain('Ada');
    expect((await answerOf(gateway, { body: named })).text).not.toContain('Ada');
  });
});
