import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '@tributary/testing';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startIssuer, type TestIssuer } from './support/issuer.ts';
import { ADA, globalId, HIDDEN_AUTHOR, NOTES, READER, startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';
import { NODE } from './support/workspace.ts';

let authors: TestSubgraph;
let books: TestSubgraph;
let issuer: TestIssuer;
let gateway: TestGateway;

/** The subgraph that only adds fields to `Author` comes first by name: it must not be taken for the owner. */
const graph = () => [authors, { ...books, name: 'a_books' }, NODE];

beforeAll(async () => {
  [authors, books, issuer] = await Promise.all([startAuthors(), startBooks(), startIssuer()]);
  gateway = await startTestGateway(graph(), {
    INTERNAL_SECRET: TEST_SECRET,
    ...issuer.settings,
  });
});

beforeEach(() => {
  authors.requests.length = 0;
  books.requests.length = 0;
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([authors.stop(), books.stop(), issuer.stop()]);
});

const NODE_QUERY =
  'query ($id: ID!) { node(id: $id) { __typename id ... on Author { name books { title } } ... on Book { title } } }';
const NODES_QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

describe('node', () => {
  it('gives an object of any subgraph, with fields of every subgraph', async () => {
    const author = await gateway.query({ query: NODE_QUERY, variables: { id: ADA } });
    expect(author.errors).toBeUndefined();
    expect(author.data).toEqual({
      node: { __typename: 'Author', id: ADA, name: 'Ada', books: [{ title: 'Notes' }] },
    });
    const book = await gateway.query({ query: NODE_QUERY, variables: { id: NOTES } });
    expect(book.data).toEqual({ node: { __typename: 'Book', id: NOTES, title: 'Notes' } });
  });

  it('is null for an object that does not exist, even when only its id is asked for', async () => {
    const { data, errors } = await gateway.query({
      query: 'query ($id: ID!) { node(id: $id) { id } }',
      variables: { id: globalId('Author', 404) },
    });
    expect([data, errors]).toEqual([{ node: null }, undefined]);
    expect(books.requests).toHaveLength(0);
  });

  it('is null for somebody else’s object, and there for its owner', async () => {
    const request = { query: NODE_QUERY, variables: { id: HIDDEN_AUTHOR } };
    expect((await gateway.query(request)).data).toEqual({ node: null });
    const headers = { authorization: `Bearer ${await issuer.token(READER)}` };
    expect((await gateway.query({ ...request, headers })).data).toMatchObject({
      node: { name: 'Anonymous' },
    });
  });

  it.each([
    ['text', 'not an id'],
    ['nothing', ''],
    ['a uuid', '00000000-0000-7000-8000-000000000001'],
    ['no uuid', Buffer.from('Author:1').toString('base64url')],
    ['padding', `${ADA}=`],
    ['an unknown type', globalId('Publisher', 1)],
    ['a type that is no Node', globalId('Query', 1)],
    ['a type that clients may not see', globalId('Secret', 1)],
    ['a property of every object', globalId('constructor', 1)],
  ])('refuses %s', async (_name, id) => {
    const { data, errors } = await gateway.query({ query: NODE_QUERY, variables: { id } });
    expect(data).toEqual({ node: null });
    expect(errors).toEqual([
      {
        message: 'This is not the id of an object in this graph.',
        path: ['node'],
        extensions: { code: 'BAD_USER_INPUT', reason: 'INVALID_ID', argument: 'id' },
      },
    ]);
  });
});

describe('nodes', () => {
  it('keeps the order, with null and an error where they belong', async () => {
    const ids = [NOTES, globalId('Book', 404), 'nonsense', ADA, NOTES];
    const { data, errors } = await gateway.query({ query: NODES_QUERY, variables: { ids } });
    const notes = { __typename: 'Book', id: NOTES };
    expect(data).toEqual({ nodes: [notes, null, null, { __typename: 'Author', id: ADA }, notes] });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['nodes', 2],
      extensions: { code: 'BAD_USER_INPUT', reason: 'INVALID_ID', argument: ['ids', 2] },
    });
  });

  it('asks each owner once, however many ids and fields', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => globalId(index % 2 ? 'Author' : 'Book', index));
    await gateway.query({
      query: 'query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } }',
      variables: { ids, id: ADA },
    });
    expect([authors.requests.length, books.requests.length]).toEqual([1, 1]);
  });

  it('takes a hundred ids and no more', async () => {
    const ids = Array.from({ length: 101 }, () => ADA);
    const { errors } = await gateway.query({ query: NODES_QUERY, variables: { ids } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      reason: 'TOO_MANY_IDS',
      argument: 'ids',
    });
    const hundred = await gateway.query({ query: NODES_QUERY, variables: { ids: ids.slice(1) } });
    expect(hundred.errors).toBeUndefined();
  });

  it('gives one error for an owner that is down, and the objects of the others', async () => {
    const broken = await startTestGateway(graph(), {
      SUBGRAPH_URLS: 'a_books=http://127.0.0.1:1/',
    });
    try {
      const ids = [NOTES, ADA, globalId('Book', 2)];
      const { data, errors } = await broken.query({ query: NODES_QUERY, variables: { ids } });
      expect(data).toEqual({ nodes: [null, { __typename: 'Author', id: ADA }, null] });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({
        path: ['nodes', 0],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'a_books' },
      });
    } finally {
      await broken.close();
    }
  });
});
