import type { Environment, Logger } from '@tributary/platform';
import { type Definition, startFederation } from '../support/federation.ts';
import type { TestGateway } from '../support/gateway.ts';

/** Links what subgraphs need to speak of caches. */
export const LINK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.12",
    import: ["@key", "@external", "@requires", "@shareable", "@cacheTag", "@interfaceObject"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
`;

/** Lets tests clear caches. */
export const TOKEN = 'a token of more than thirty-two characters';

/** Tells a gateway what has changed. */
export const invalidate = (
  { adminUrl }: TestGateway,
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
): Promise<Response> =>
  fetch(`${adminUrl}/invalidate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** What is asked of the subgraphs, and what they say; tests change it. */
export interface Shelf {
  /** How often each resolver was called, by what for. */
  calls: string[];
  titles: Record<string, string | null>;
  stars: Record<string, number>;
  /** Awaited by each resolver before it answers; it has read before. */
  before: (call: string) => Promise<void> | void;
}

/** A gateway that keeps what it is told, over two subgraphs with books, and reviews of them. */
export async function startShelf({
  settings = '',
  file = '',
  env = {},
  shelf = newShelf(),
  logger,
}: {
  /** Of `caching:` in `gateway.yaml`, as a YAML flow mapping. */
  settings?: string;
  /** Further lines of `gateway.yaml`. */
  file?: string;
  env?: Environment;
  shelf?: Shelf;
  logger?: Logger;
} = {}): Promise<{ gateway: TestGateway; shelf: Shelf }> {
  const gateway = await startFederation(
    definitions(shelf),
    { CACHE_INVALIDATION_TOKEN: TOKEN, ...env },
    {
      files: { 'gateway.yaml': `caching: {${settings}}\n${file}` },
      ...(logger && { logger }),
    },
  );
  return { gateway, shelf };
}

export const newShelf = (): Shelf => ({
  calls: [],
  titles: { 1: 'Dune', 2: 'Emma', 3: 'Ulysses' },
  stars: { 1: 5, 2: 4, 3: 3 },
  before: () => undefined,
});

function definitions(shelf: Shelf): Record<string, Definition> {
  const called = async <T>(call: string, value: T): Promise<T> => {
    shelf.calls.push(call);
    await shelf.before(call);
    return value;
  };
  const book = (id: string) =>
    typeof shelf.titles[id] === 'string' ? { id, title: shelf.titles[id] } : null;
  return {
    books: [
      `${LINK}
      type Query {
        book(id: ID!): Book @cacheControl(maxAge: 60) @cacheTag(format: "book-{$args.id}")
        books: [Book!] @cacheControl(maxAge: 60) @cacheTag(format: "books")
        unhinted: String
        mine: Book @cacheControl(maxAge: 60, scope: PRIVATE)
        now: String @cacheControl(maxAge: 60)
      }
      type Mutation { rename(id: ID!, title: String!): Book }
      type Book @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! title: String broken: String }`,
      {
        Query: {
          book: (_: unknown, { id }: { id: string }) => called(`book ${id}`, book(id)),
          books: () =>
            called(
              'books',
              Object.keys(shelf.titles)
                .map(book)
                .filter((one) => one !== null),
            ),
          unhinted: () => called('unhinted', 'unhinted'),
          mine: (_: unknown, _args: unknown, { headers }) =>
            called('mine', { id: '1', title: String(headers.authorization) }),
          now: () => called('now', 'now'),
        },
        Mutation: {
          rename: (_: unknown, { id, title }: { id: string; title: string }) => {
            shelf.titles[id] = title;
            return called('rename', book(id));
          },
        },
        Book: {
          __resolveReference: ({ id }: { id: string }) => called(`Book ${id}`, book(id)),
          broken: () => {
            throw new Error('broken');
          },
        },
      } as Definition[1],
    ],
    reviews: [
      `${LINK}
      type Query { best: Review @cacheControl(maxAge: 30) }
      type Book @key(fields: "id") @cacheControl(maxAge: 30) { id: ID! stars: Int review: Review }
      type Review @cacheControl(maxAge: 30) { text: String book: Book }`,
      {
        Query: { best: () => called('best', { text: 'good', book: { id: '1' } }) },
        Book: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          stars: ({ id }: { id: string }) => called(`stars ${id}`, shelf.stars[id]),
          review: ({ id }: { id: string }) => called(`review ${id}`, { text: 'fine', book: { id } }),
        },
      } as Definition[1],
    ],
  };
}
