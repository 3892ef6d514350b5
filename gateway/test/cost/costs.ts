import type { Environment } from '@tributary/platform';
import { startFederation } from '../support/federation.ts';
import type { TestGatewayOptions } from '../support/gateway.ts';

const link = (imports: string, cost: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"${imports}])
   @link(url: "https://specs.apollo.dev/link/v1.0") ${cost}`;

const book = (n: number) => ({ __typename: 'Book', id: String(n), title: `Book ${n}`, tags: ['a', 'b'] });
const film = (n: number) => ({ __typename: 'Film', id: String(n), title: `Film ${n}`, minutes: 90 });

/** Lists of every kind, of which the schema says the sizes, and things that cost more or less than others. */
const schema = (cost: string, listSize: string) => `
  type Query {
    book(id: ID): Book
    books(first: Int = 5): [Book!] ${listSize}(slicingArguments: ["first"])
    shelf(first: Int, last: Int): Shelf ${listSize}(slicingArguments: ["first", "last"], sizedFields: ["books"])
    some: [Book!] ${listSize}(assumedSize: 3)
    many: [Book!]
    works: [Work!]
    search(filter: Filter): [Book!] ${listSize}(assumedSize: 1)
    sum(numbers: [Int!] ${cost}(weight: 2)): Int ${cost}(weight: 7)
  }
  type Mutation { rename(id: ID!, title: String!): Book }
  type Shelf { books: [Book!] total: Int }
  interface Work { id: ID! title: String }
  type Book implements Work @key(fields: "id") { id: ID! title: String tags: [Tag] author: Author signed: Boolean ${cost}(weight: 4) }
  type Film implements Work { id: ID! title: String minutes: Int director: Author }
  type Author ${cost}(weight: 3) { name: String }
  scalar Tag ${cost}(weight: 1)
  input Filter { title: String author: AuthorFilter ${cost}(weight: 5) not: Filter }
  input AuthorFilter { name: String }`;

const resolvers = {
  Query: {
    book: () => book(1),
    books: (_source: never, { first }: { first: number }) => Array.from({ length: first }, (_, n) => book(n)),
    shelf: () => ({ books: [book(1), book(2)], total: 2 }),
    some: () => [book(1)],
    many: () => [book(1), book(2)],
    works: () => [book(1), film(1), film(2)],
    search: () => [],
    sum: () => 0,
  },
  Mutation: { rename: () => book(1) },
  Book: {
    author: () => ({ name: 'Ada' }),
    signed: () => true,
    __resolveReference: ({ id }: { id: string }) => book(Number(id)),
  },
  Film: { director: () => null },
};

/** Says how many pages a book has: in another subgraph. */
const PAGES = `type Book @key(fields: "id") { id: ID! pages: [Page!] }  type Page { number: Int }`;

/** A gateway over these subgraphs. @param renamed - whether the directives have other names there */
export const startCosts = (options: TestGatewayOptions = {}, renamed = false, env: Environment = {}) =>
  startFederation(
    {
      works: [
        renamed
          ? link(
              '',
              '@link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@cost", as: "@price" }], as: "demand")',
            ) + schema('@price', '@demand__listSize')
          : link(', "@cost", "@listSize"', '') + schema('@cost', '@listSize'),
        resolvers,
      ],
      pages: [
        PAGES,
        { Book: { pages: () => [{ number: 1 }, { number: 2 }], __resolveReference: (key: object) => key } },
      ],
    },
    env,
    options,
  );
