import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type Caller, createCallerVerifier, IDENTITY_HEADER } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { graphql, parse } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';

const verify = createCallerVerifier(TEST_SECRET);

/** What resolvers know of a request, or of the connection of a subscription. */
export interface EventContext {
  headers: IncomingHttpHeaders;
  connectionParams: Readonly<Record<string, unknown>> | undefined;
  caller: Caller | undefined;
}

type Resolver = (source: never, args: never, context: EventContext) => unknown;
type Resolvers = Record<string, Record<string, Resolver | { subscribe: Resolver; resolve?: Resolver }>>;

/** A subgraph with subscriptions. */
export interface EventSubgraph {
  name: string;
  sdl: string;
  url: string;
  /** Bodies of the requests over HTTP. */
  requests: string[];
  /** How many WebSockets are open. */
  sockets(): number;
  /** Closes all WebSockets. */
  closeSockets(code: number, reason: string): void;
  /** Breaks all connections, without a word. */
  break(): void;
  stop(): Promise<void>;
}

/**
 * A real subgraph on a free port: HTTP, `graphql-transport-ws`, and GraphQL over SSE.
 *
 * @param extensionsOf - of the results of subscriptions over WebSockets
 */
export async function startEventSubgraph(
  name: string,
  schemaText: string,
  resolvers: Resolvers,
  extensionsOf: (data: unknown) => Record<string, unknown> = () => ({}),
): Promise<EventSubgraph> {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n${schemaText}`;
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: resolvers as GraphQLResolverMap<unknown>,
  });
  const requests: string[] = [];
  const contextOf = async (
    headers: IncomingHttpHeaders,
    connectionParams?: EventContext['connectionParams'],
  ) => {
    const assertion = headers[IDENTITY_HEADER];
    const caller = typeof assertion === 'string' ? await verify(assertion) : undefined;
    return { headers, connectionParams, caller };
  };
  const eventStream = createHandler({ schema, context: ({ raw }) => contextOf(raw.headers) });
  const server = createServer(async (request, response) => {
    if (request.headers.accept?.includes('text/event-stream')) return eventStream(request, response);
    const body = await text(request);
    requests.push(body);
    const { query, variables, operationName } = JSON.parse(body);
    const contextValue = await contextOf(request.headers);
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      operationName,
      contextValue,
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  const webSockets = new WebSocketServer({ server, path: '/graphql' });
  useServer(
    {
      schema,
      context: ({ extra, connectionParams }) => contextOf(extra.request.headers, connectionParams),
      onNext: (_context, _id, _payload, _args, { data, errors }) => ({
        ...(data !== undefined && { data }),
        ...(errors && { errors: errors.map((error) => error.toJSON()) }),
        extensions: extensionsOf(data),
      }),
    },
    webSockets,
  );
  const each = (act: (socket: WebSocket) => void) => webSockets.clients.forEach(act);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    name,
    sdl,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    sockets: () => webSockets.clients.size,
    closeSockets: (code, reason) => each((socket) => socket.close(code, reason)),
    break() {
      each((socket) => socket.terminate());
      server.closeAllConnections();
    },
    async stop() {
      each((socket) => socket.terminate());
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
