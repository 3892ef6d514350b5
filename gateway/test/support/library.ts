import { type SubgraphContext, startSubgraph, type TestSubgraph } from './subgraph.ts';

/** A global id of the form that the shop's subgraphs use. */
export const globalId = (type: string, number: number): string =>
  Buffer.from(`${type}:00000000-0000-7000-8000-${String(number).padStart(12, '0')}`).toString('base64url');

export const ADA = globalId('Author', 1);
/** The user who sees the hidden author. */
export const READER = '00000000-0000-7000-8000-000000000007';
/** Seen by the reader only. */
export const HIDDEN_AUTHOR = globalId('Author', 2);
export const NOTES = globalId('Book', 1);

const NODE_INTERFACE = '"An object with an id." interface Node { "Its id." id: ID! }';

/** Who wrote: `Author` is owned here. */
export const startAuthors = (): Promise<TestSubgraph> =>
  startSubgraph(
    'authors',
    `${NODE_INTERFACE}
    type Query { author: Author  failing: String  whoami: String  headers: String }
    type Mutation { rename(name: String!): Author }
    type Author implements Node @key(fields: "id") { id: ID! name: String! }
    type Secret implements Node @key(fields: "id") @inaccessible { id: ID! }
    type Subscription { renamed: Author }`,
    {
      Query: {
        author: () => ({ id: ADA, name: 'Ada' }),
        failing: () => {
          throw new Error('password=hunter2 at 10.0.0.1:5432');
        },
        whoami: (_source, _args, { caller }) => JSON.stringify(caller ?? null),
        headers: (_source, _args, { headers }) => JSON.stringify(headers),
      },
      Mutation: { rename: (_source, { name }: { name: string }) => ({ id: ADA, name }) },
      Author: {
        __resolveReference: ({ id }: { id: string }, { caller }: SubgraphContext) => {
          const visible = id === ADA || (id === HIDDEN_AUTHOR && caller?.identity?.subject === READER);
          return visible ? { id, name: id === ADA ? 'Ada' : 'Anonymous' } : null;
        },
      },
    },
  );

/** What they wrote; adds to `Author`, and would resolve any author's id. */
export const startBooks = (): Promise<TestSubgraph> =>
  startSubgraph(
    'books',
    `${NODE_INTERFACE}
    type Query { books: [Book!] }
    type Book implements Node @key(fields: "id") { id: ID! title: String! author: Author editor: Author }
    type Author @key(fields: "id") { id: ID! books: [Book!] }`,
    {
      Query: { books: () => [{ id: NOTES, title: 'Notes' }] },
      Book: {
        author: () => ({ id: ADA }),
        editor: () => ({ id: ADA }),
        __resolveReference: ({ id }: { id: string }) => (id === NOTES ? { id, title: 'Notes' } : null),
      },
      Author: {
        books: () => [{ id: NOTES, title: 'Notes' }],
        __resolveReference: ({ id }: { id: string }) => ({ id }),
      },
    },
  );
