import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { buildSchema, type ExecutionArgs, execute, parse } from 'graphql';
import { useServer as serveSubscriptions } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { EXPLANATION } from './explanation.ts';

/** The request header that asks for an explanation. */
export const EXPLAIN_HEADER = 'x-explain';

const schema = buildSchema(`
  "A small graph to explore."
  type Query {
    "Says hello to somebody."
    greeting(name: String!): String!
    "The value of the request's \`x-tenant\` header."
    tenant: String
  }
  type Mutation {
    "Forgets everything."
    forget: Boolean
  }
  type Subscription {
    "Counts up to a number."
    countdown(from: Int!): Int!
  }
`);

const rootValue = {
  greeting: ({ name }: { name: string }) => `Hello, ${name}!`,
  tenant: (_args: object, context: { tenant?: string }) => context.tenant,
  async *countdown({ from }: { from: number }) {
    for (let number = from; number >= 0; number -= 1) yield { countdown: number };
  },
};

/** A server with a GraphQL endpoint at `/graphql`, over HTTP and WebSockets. */
export interface Graph {
  app: FastifyInstance;
  /** How many operations came over HTTP. */
  operations(): number;
  /** How many WebSockets have been opened. */
  sockets(): number;
  /** Starts to listen, and gives the server's origin. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Makes the server; routes may be added before it listens. */
export function createGraph(): Graph {
  const app = fastify({ forceCloseConnections: true });
  let operations = 0;
  app.post('/graphql', async (request) => {
    operations += 1;
    const {
      query,
      variables: variableValues,
      operationName,
    } = request.body as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    const contextValue = { tenant: request.headers['x-tenant'] };
    const result = await execute({
      schema,
      document: parse(query),
      rootValue,
      contextValue,
      variableValues,
      operationName,
    });
    const isExplained = request.headers[EXPLAIN_HEADER] === '1';
    return { ...result, ...(isExplained && { extensions: { explain: EXPLANATION } }) };
  });

  let opened = 0;
  const server = new WebSocketServer({ server: app.server, path: '/graphql' });
  server.on('connection', () => {
    opened += 1;
  });
  const subscriptions = serveSubscriptions(
    {
      schema,
      onSubscribe: (_context, _id, payload): ExecutionArgs => ({
        schema,
        rootValue,
        document: parse(payload.query),
        variableValues: payload.variables,
        operationName: payload.operationName,
      }),
    },
    server,
  );

  return {
    app,
    operations: () => operations,
    sockets: () => opened,
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    close: async () => {
      await subscriptions.dispose();
      await app.close();
    },
  };
}
