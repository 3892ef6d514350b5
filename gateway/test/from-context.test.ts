import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyServer, startFaulty } from './support/faulty-server.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startSubgraph, type TestSubgraph } from './support/subgraph.ts';

const CONTEXT = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@context", "@fromContext"])`;
const SHELVES = [
  { id: '1', language: 'en', currency: { code: 'EUR' } },
  { id: '2', language: 'de', currency: null },
];

let shelves: TestSubgraph;
let others: TestSubgraph;
let gateway: TestGateway;
let recorder: FaultyServer;
/** What was asked of `shelves` with arguments from contexts. */
let asked: Record<string, unknown>[] = [];

beforeAll(async () => {
  shelves = await startSubgraph(
    'shelves',
    `${CONTEXT}
    type Query { shelves: [Shelf!]!  window: Window  first: Shelf }
    type Shelf @key(fields: "id") @context(name: "place") {
      id: ID!  language: String  currency: Currency  book: Book!  books: [Book!]!
    }
    type Window @key(fields: "id") @context(name: "place") { id: ID!  language: String  currency: Currency  book: Book! }
    type Currency { code: String! }
    type Book @key(fields: "id") {
      id: ID!
      title(language: String @fromContext(field: "$place { language }")): String!
      price(currency: String @fromContext(field: "$place ... on Shelf { currency { code } } ... on Window { currency { code } }")): String
      parts: [Book!]
    }`,
    {
      Query: {
        shelves: () => SHELVES,
        first: () => SHELVES[0],
        window: () => ({ id: '9', language: 'fr', currency: { code: 'USD' } }),
      },
      Shelf: {
        __resolveReference: ({ id }: { id: string }) => SHELVES.find((shelf) => shelf.id === id),
        book: () => ({ id: '7' }),
        books: () => [{ id: '7' }, { id: '8' }],
      },
      Window: { book: () => ({ id: '7' }) },
      Book: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        title: ({ id }: { id: string }, { language }: { language?: string }) => `Title ${id} in ${language}`,
        price: (_source: unknown, { currency }: { currency?: string | null }) => `1 ${currency}`,
        parts: ({ id }: { id: string }) => [{ id: `${id}1` }],
      },
    },
  );
  others = await startSubgraph(
    'others',
    `type Query { other: Int }
    type Book @key(fields: "id") { id: ID! shelf: Shelf }
    type Shelf @key(fields: "id") { id: ID! }`,
    { Book: { __resolveReference: ({ id }: { id: string }) => ({ id }), shelf: () => ({ id: '2' }) } },
  );
  recorder = await startFaulty(async (request, response) => {
    const body = await text(request);
    const { variables } = JSON.parse(body) as { variables: Record<string, unknown> };
    if (Object.keys(variables).some((name) => name.startsWith('contextualArgument'))) asked.push(variables);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(shelves.url, { method: 'POST', headers, body });
    response.writeHead(answer.status, headers).end(await answer.text());
  });
  gateway = await startTestGateway([shelves, others], { SUBGRAPH_URLS: `shelves=${recorder.url}` });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([recorder?.stop(), shelves?.stop(), others?.stop()]);
});

const dataOf = async (query: string) => {
  asked = [];
  const { data, errors } = await gateway.query({ query });
  expect(errors).toBeUndefined();
  return data;
};

describe('@fromContext', () => {
  it('takes an argument from what an entity is in', async () => {
    expect(await dataOf('{ first { book { title } } }')).toEqual({
      first: { book: { title: 'Title 7 in en' } },
    });
  });

  it('tells equal entities apart by what they are in, in one request', async () => {
    expect(await dataOf('{ shelves { book { title } } }')).toEqual({
      shelves: [{ book: { title: 'Title 7 in en' } }, { book: { title: 'Title 7 in de' } }],
    });
    expect(asked).toHaveLength(1);
  });

  it('asks for entities with the same arguments together', async () => {
    expect(await dataOf('{ first { books { title } } }')).toEqual({
      first: { books: [{ title: 'Title 7 in en' }, { title: 'Title 8 in en' }] },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.representations).toHaveLength(2);
  });

  it('looks into lists of lists', async () => {
    expect(await dataOf('{ shelves { books { parts { title } } } }')).toEqual({
      shelves: ['en', 'de'].map((language) => ({
        books: ['7', '8'].map((id) => ({ parts: [{ title: `Title ${id}1 in ${language}` }] })),
      })),
    });
  });

  it('takes the value of the type that is there', async () => {
    expect(await dataOf('{ window { book { title price } } first { book { price } } }')).toEqual({
      window: { book: { title: 'Title 7 in fr', price: '1 USD' } },
      first: { book: { price: '1 EUR' } },
    });
  });

  it('sends null where the context has it', async () => {
    expect(await dataOf('{ shelves { book { title price } } }')).toEqual({
      shelves: [
        { book: { title: 'Title 7 in en', price: '1 EUR' } },
        { book: { title: 'Title 7 in de', price: '1 null' } },
      ],
    });
  });

  it('takes the nearest context', async () => {
    expect(await dataOf('{ first { book { title shelf { book { title } } } } }')).toEqual({
      first: { book: { title: 'Title 7 in en', shelf: { book: { title: 'Title 7 in de' } } } },
    });
  });
});

describe('EXECUTOR=apollo', () => {
  it('refuses such a supergraph', async () => {
    await expect(startTestGateway([shelves, others], { EXECUTOR: 'apollo' })).rejects.toThrow(
      /SUPERGRAPH: it cannot be run: .*context/,
    );
  });
});
