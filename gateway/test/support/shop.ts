import { EventEmitter } from 'node:events';
import { request as httpRequest } from 'node:http';
import { GraphQLError } from 'graphql';
import { startFaulty } from './faulty-server.ts';
import { createGate, type Gate } from './gate.ts';
import { startSubgraph, type TestSubgraph } from './subgraph.ts';

/** Three subgraphs, of which two can be held back. */
export interface Shop {
  subgraphs: TestSubgraph[];
  /** Holds back `reviews` from now on, until it is opened. */
  holdReviews(): Gate;
  /** Holds back `stats` from now on, until it is opened. */
  holdStats(): Gate;
  /** Emits `close` when a request to `reviews` is given up before its answer. */
  reviewsSockets: EventEmitter;
  stop(): Promise<void>;
}

const USERS = [
  { id: '1', name: 'Ada', email: 'ada@example.org' },
  { id: '2', name: 'Ben', email: null },
];

const failure = (message: string) => new GraphQLError(message, { extensions: { code: 'TOLD' } });

/** Users, what they wrote, and how it was liked. */
export async function startShop(): Promise<Shop> {
  let reviewsGate: Gate | null = null;
  let statsGate: Gate | null = null;
  const users = await startSubgraph(
    'users',
    `type Query { me: User  nobody: User  users: [User!]!  search: [Found!]! }
    type Mutation { rename(name: String!): User }
    interface Found { id: ID! }
    type User implements Found @key(fields: "id") { id: ID! name: String! email: String  place: Place! }
    type Shop implements Found @key(fields: "id") { id: ID! name: String! }
    type Place { street: String!  town: String }`,
    {
      Query: {
        me: () => USERS[0],
        nobody: () => null,
        users: () => USERS,
        search: () => [
          { __typename: 'Shop', id: '9', name: 'Corner' },
          { __typename: 'User', ...USERS[1] },
        ],
      },
      Mutation: { rename: (_source, { name }: { name: string }) => ({ ...USERS[0], name }) },
      User: {
        place: ({ id }: { id: string }) => ({ street: `Street ${id}`, town: 'Town' }),
        __resolveReference: ({ id }: { id: string }) => USERS.find((user) => user.id === id) ?? null,
      },
    },
  );
  const reviews = await startSubgraph(
    'reviews',
    `type Query { latest: Review }
    type User @key(fields: "id") { id: ID! reviews: [Review!]!  score: Int!  rank: Int }
    type Review @key(fields: "id") { id: ID! text: String }`,
    {
      Query: { latest: () => ({ id: '11', text: 'Text 11' }) },
      User: {
        reviews: ({ id }: { id: string }) => [1, 2].map((n) => ({ id: `${id}${n}`, text: `Text ${id}${n}` })),
        score: ({ id }: { id: string }) => {
          if (id === '2') throw failure('no score');
          return 5;
        },
        rank: ({ id }: { id: string }) => {
          if (id === '2') throw new Error('password=hunter2');
          return 1;
        },
        __resolveReference: async ({ id }: { id: string }) => {
          await reviewsGate?.pass();
          return { id };
        },
      },
      Review: { __resolveReference: ({ id }: { id: string }) => ({ id, text: `Text ${id}` }) },
    },
  );
  const stats = await startSubgraph(
    'stats',
    `type Query { count: Int }
    type Mutation { tick: Int }
    type Review @key(fields: "id") { id: ID! likes: Int }`,
    {
      Query: {
        count: async () => {
          await statsGate?.pass();
          return 7;
        },
      },
      Mutation: { tick: () => 8 },
      Review: {
        likes: ({ id }: { id: string }) => Number(id),
        __resolveReference: async ({ id }: { id: string }) => {
          await statsGate?.pass();
          return { id };
        },
      },
    },
  );
  const reviewsSockets = new EventEmitter();
  const front = await startFaulty((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) reviewsSockets.emit('close');
    });
    const { method, headers } = request;
    const sent = httpRequest(reviews.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  });
  const subgraphs = [users, { ...reviews, url: front.url }, stats];
  return {
    subgraphs,
    reviewsSockets,
    holdReviews() {
      reviewsGate = createGate();
      return reviewsGate;
    },
    holdStats() {
      statsGate = createGate();
      return statsGate;
    },
    stop: async () => void (await Promise.all([front, ...subgraphs].map((server) => server.stop()))),
  };
}
