import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { answering, type FaultyServer, startFaulty } from './support/faulty-server.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { ADA, startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

interface Body {
  query: string;
  variables: Record<string, unknown>;
}

let authors: TestSubgraph;
let books: TestSubgraph;
beforeAll(async () => {
  [authors, books] = await Promise.all([startAuthors(), startBooks()]);
});
afterAll(() => Promise.all([authors, books].map((subgraph) => subgraph.stop())));

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

/**
 * A gateway, and what it asks `authors`.
 *
 * @param change - makes another answer of the usual one
 * @param settings - of the gateway; `books` is where that subgraph is
 */
async function recordAuthors(
  change: (body: Body, answer: string) => string = (_, answer) => answer,
  { books: booksUrl = books.url, ...env }: Record<string, string> = {},
): Promise<{ gateway: TestGateway; asked: Body[] }> {
  const asked: Body[] = [];
  const listener: RequestListener = async (request, response) => {
    const body = await text(request);
    asked.push(JSON.parse(body));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(authors.url, { method: 'POST', headers, body });
    response.writeHead(answer.status, headers);
    response.end(change(JSON.parse(body), await answer.text()));
  };
  const recorder: FaultyServer = await startFaulty(listener);
  opened.push({ close: () => recorder.stop() });
  const gateway = await startTestGateway([authors, books], {
    // What is asked for is counted here, so that equal fetches are not to be sent once.
    SHARE_FETCHES: 'off',
    SUBGRAPH_URLS: `authors=${recorder.url},books=${booksUrl}`,
    ...env,
  });
  opened.push({ close: () => gateway.close() });
  return { gateway, asked };
}

const TWICE = '{ books { title author { name } } again: books { author { name } } }';
const TWICE_DATA = {
  books: [{ title: 'Notes', author: { name: 'Ada' } }],
  again: [{ author: { name: 'Ada' } }],
};
const isJoined = ({ variables }: Body) => 'representations_1' in variables;

describe('entities', () => {
  it('are asked for once, however often they are there', async () => {
    const author = { __typename: 'Author', id: ADA };
    const twoBooks = await startFaulty(
      answering(200, JSON.stringify({ data: { books: [{ author }, { author: null }, { author }] } })),
    );
    opened.push({ close: () => twoBooks.stop() });
    const { gateway, asked } = await recordAuthors(undefined, { books: twoBooks.url });
    const { data, errors } = await gateway.query({ query: '{ books { author { name } } }' });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      books: [{ author: { name: 'Ada' } }, { author: null }, { author: { name: 'Ada' } }],
    });
    expect(asked.map(({ variables }) => variables.representations)).toEqual([[author]]);
  });

  it('that become ready together are asked for in one request', async () => {
    const { gateway, asked } = await recordAuthors();
    expect(await gateway.query({ query: TWICE })).toMatchObject({ data: TWICE_DATA });
    expect(asked).toHaveLength(1);
    expect(asked.map(isJoined)).toEqual([true]);
  });

  it.each<[string, string]>([
    ['when the answer to all is null', '{"data":null,"errors":[{"message":"no"}]}'],
    ['when a list is too short', '{"data":{"_0":[],"_1":[{"name":"B"}]}}'],
    ['when an error is about none of them', '{"data":{"_0":[null],"_1":[null]},"errors":[{"message":"no"}]}'],
  ])('are asked for one by one %s', async (_, answer) => {
    const { gateway, asked } = await recordAuthors((body, usual) => (isJoined(body) ? answer : usual));
    const { data, errors } = await gateway.query({ query: TWICE });
    expect(errors).toBeUndefined();
    expect(data).toEqual(TWICE_DATA);
    expect(asked.map(isJoined)).toEqual([true, false, false]);
  });

  it('have their errors at each place where they are', async () => {
    const { gateway } = await recordAuthors(() =>
      JSON.stringify({
        data: { _0: [{ name: null }], _1: [{ name: 'Ada' }] },
        errors: [{ message: 'not told', path: ['_0', 0, 'name'], extensions: { code: 'HIDDEN' } }],
      }),
    );
    const { data, errors } = await gateway.query({ query: TWICE });
    expect(data).toEqual({ books: [{ title: 'Notes', author: null }], again: [{ author: { name: 'Ada' } }] });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['books', 0, 'author', 'name'], 'HIDDEN'],
    ]);
  });
});

describe('an answer', () => {
  it('has fields under names that every object has', async () => {
    const { gateway } = await recordAuthors();
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ author { __proto__: name constructor: id toString: __typename } }' }),
    });
    const value = `{"__proto__":"Ada","constructor":"${ADA}","toString":"Author"}`;
    expect(await response.text()).toBe(`{"data":{"author":${value}}}\n`);
  });

  it('says where a subgraph sent what cannot be', async () => {
    const { gateway } = await recordAuthors(() => '{"data":{"author":{"id":{},"name":["Ada"]}}}');
    const query = '{ author { id name } whoami }';
    for (let times = 0; times < 2; times++) {
      const { data, errors, ...answer } = await gateway.query({ query });
      expect(data).toEqual({ author: null, whoami: null });
      expect(errors).toBeUndefined();
      expect(answer).toMatchObject({
        extensions: {
          valueCompletion: [{ message: 'Invalid value found for field Author.id.', path: ['author', 'id'] }],
        },
      });
    }
  });
});

describe('EXECUTOR=apollo', () => {
  it('leaves plans to @apollo/gateway, which asks more often', async () => {
    const { gateway, asked } = await recordAuthors(undefined, { EXECUTOR: 'apollo' });
    expect(await gateway.query({ query: TWICE })).toMatchObject({ data: TWICE_DATA });
    expect(asked.map(isJoined)).toEqual([false, false]);
  });
});

describe('the query plan', () => {
  it('is told to who asks for it', async () => {
    const { gateway } = await recordAuthors();
    const request = { query: '{ author { name } }', headers: { 'apollo-query-plan-experimental': '1' } };
    for (let times = 0; times < 2; times++) {
      expect(await gateway.query(request)).toMatchObject({
        extensions: { __queryPlanExperimental: expect.stringContaining('Fetch(service: "authors")') },
      });
    }
  });
});
