import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { createLogger } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import Fastify from 'fastify';
import { type GraphQLResolveInfo, parse } from 'graphql';
import { cacheControl } from '../../src/caching/cache-control.ts';
import { buildSchema, hasRole, mayRead, type RequestContext } from '../../src/index.ts';
import { createIdentification } from '../../src/server/identification.ts';
import { createRequestContext } from '../../src/server/request-context.ts';

const SCHEMA = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  scalar CacheControlScope
  type Query {
    book(of: ID = "1"): Book
    plain: Int
    short: Int @cacheControl(maxAge: 10)
    card: Card
    failing: Int @cacheControl(maxAge: 60)
    "Reads something of who asks: see the resolvers."
    reads(what: String!): String @cacheControl(maxAge: 60)
  }
  type Mutation { write: Book }
  type Book @key(fields: "id") @cacheControl(maxAge: 300) { id: ID! title: String shelf: Shelf stock: Int box: Box }
  type Shelf @cacheControl(inheritMaxAge: true) { name: String }
  type Box @key(fields: "name") { name: String }
  type Card @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID! }
`;

/** What a resolver may do with who asks. */
const READS: Record<string, (context: RequestContext) => unknown> = {
  nothing: () => null,
  presence: ({ viewer, identity }) => [viewer === null, identity === null],
  role: ({ viewer }) => [viewer?.role, hasRole(viewer, 'STAFF')],
  userId: ({ viewer }) => viewer?.userId,
  viewerJson: ({ viewer }) => JSON.stringify(viewer),
  viewerCopy: ({ viewer }) => ({ ...viewer }),
  subject: ({ identity }) => identity?.subject,
  absent: ({ identity }) => identity?.email,
  scopes: ({ identity }) => identity?.scopes,
  address: ({ clientAddress }) => clientAddress(),
  cookie: ({ cookies }) => cookies.get('any'),
  afterCopy: (context) => ({ ...context }).viewer?.userId,
  own: (context) => context.viewer && mayRead(context, context.viewer.userId, 'books'),
  foreign: (context) => mayRead(context, '00000000-0000-7000-8000-000000000000', 'books'),
  refused: ({ caching }) => caching.refuse(),
};

const bookOf = (id: string) => (id === '0' ? null : { id });

const resolvers = {
  Query: {
    book: (_parent: unknown, { of }: { of: string }) => bookOf(of),
    plain: () => 1,
    short: () => 1,
    card: (_parent: unknown, _args: unknown, { viewer }: RequestContext) => viewer && { id: 1 },
    failing: () => Promise.reject(new Error('broken')),
    reads(_parent: unknown, { what }: { what: string }, context: RequestContext) {
      READS[what]?.(context);
      return what;
    },
  },
  Mutation: { write: () => ({ id: '1' }) },
  Book: {
    __resolveReference: ({ id }: { id: string }) => bookOf(id),
    title: () => 'Emma',
    shelf: () => ({ name: 'A' }),
    box: () => ({ name: 'B' }),
    stock(_book: unknown, _args: unknown, { caching }: RequestContext, info: GraphQLResolveInfo) {
      caching.dependOn('stock', info.path);
      return 3;
    },
  },
};

/** A small subgraph over HTTP, without a database. */
export async function openLibrary(): Promise<{ url: string; close(): Promise<void> }> {
  const logger = createLogger({ name: 'library', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const apollo = new ApolloServer<RequestContext>({
    schema: buildSchema(parse(SCHEMA), resolvers),
    plugins: cacheControl,
    stopOnTerminationSignals: false,
    logger,
  });
  await apollo.start();
  const identify = createIdentification(TEST_SECRET, logger);
  const nothingWritten = { $executeRaw: () => Promise.reject(new Error('there is no database')) };
  const app = Fastify();
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) =>
        createRequestContext(await identify(request.headers), nothingWritten, logger, request, reply),
    }),
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: `${origin}/graphql`,
    async close() {
      await app.close();
      await apollo.stop();
    },
  };
}
