import { createLogger, createMetrics, createViewerMark, type Tracing } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import Fastify from 'fastify';
import { type GraphQLResolveInfo, parse } from 'graphql';
import { buildSchema, hasRole, mayRead, type RequestContext } from '../../src/index.ts';
import { createApolloServer } from '../../src/server/apollo-server.ts';
import { createErrorFormatter } from '../../src/server/format-error.ts';
import { serveGraphql } from '../../src/server/graphql-route.ts';
import { createIdentification, createIsSigned } from '../../src/server/identification.ts';
import { createRequestContext } from '../../src/server/request-context.ts';
import { createTraceRequest } from '../../src/tracing/trace-requests.ts';

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

/** Most tokens and levels in a document for the library. */
export const LIMITS = { maxTokens: 1_000, maxDepth: 20 };

const MAX_BODY = 10_000; // bytes

export interface LibraryOptions {
  /** @default test */
  NODE_ENV?: 'development' | 'test' | 'production';
  /** `INTERNAL_SECRET`; null for none. @default TEST_SECRET */
  secret?: string | null;
  /** Records its traces. @default nothing does */
  tracing?: Tracing;
  /** Told of each context that is made. @default nobody is */
  onContext?: (context: RequestContext) => void;
}

/** A small subgraph over HTTP, without a database. */
export async function openLibrary({
  NODE_ENV = 'test',
  secret = TEST_SECRET,
  tracing,
  onContext,
}: LibraryOptions = {}): Promise<{
  url: string;
  close(): Promise<void>;
}> {
  const INTERNAL_SECRET = secret ?? undefined;
  const logger = createLogger({ name: 'library', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const apollo = createApolloServer<RequestContext>({
    schema: buildSchema(parse(SCHEMA), resolvers),
    settings: { NODE_ENV, INTERNAL_SECRET, OPERATION_LOG_LEVEL: 'debug', SLOW_OPERATION_MS: 1_000 },
    limits: LIMITS,
    formatError: createErrorFormatter(logger),
    metrics: createMetrics('library'),
    isTraced: tracing !== undefined,
    logger,
  });
  await apollo.start();
  const identify = createIdentification(INTERNAL_SECRET, logger);
  const nowhere = { $executeRaw: async () => 1 };
  const app = Fastify({ bodyLimit: MAX_BODY });
  serveGraphql(app, {
    apollo,
    limits: LIMITS,
    traceRequest: tracing && createTraceRequest(tracing, createIsSigned(identify)),
    async createContext(request, reply) {
      const caller = await identify(request.headers);
      const logs = { logger, viewerMark: createViewerMark(INTERNAL_SECRET) };
      const context = createRequestContext(caller, nowhere, logs, request, reply);
      onContext?.(context);
      return context;
    },
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
