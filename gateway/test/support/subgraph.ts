import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type Caller, createCallerVerifier, IDENTITY_HEADER } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { parse } from 'graphql';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@external", "@inaccessible", "@interfaceObject", "@key", "@requires", "@shareable"])`;

const verify = createCallerVerifier(TEST_SECRET);

/** What the resolvers of a test's subgraph know of a request. */
export interface SubgraphContext {
  headers: IncomingHttpHeaders;
  /** From the gateway's signed header; undefined when there was none. */
  caller: Caller | undefined;
}

type Resolver = (source: never, args: never, context: SubgraphContext) => unknown;

export interface TestSubgraph {
  name: string;
  sdl: string;
  url: string;
  /** The headers of every request so far. */
  requests: IncomingHttpHeaders[];
  stop(): Promise<void>;
}

/**
 * A real subgraph, on a free port.
 *
 * @param schema - links what most tests need, unless it has links of its own
 */
export async function startSubgraph(
  name: string,
  schema: string,
  resolvers: Record<string, Record<string, Resolver>>,
): Promise<TestSubgraph> {
  const sdl = schema.includes('@link(') ? schema : `${LINK}\n${schema}`;
  const requests: IncomingHttpHeaders[] = [];
  const server = new ApolloServer<SubgraphContext>({
    schema: buildSubgraphSchema({
      typeDefs: parse(sdl),
      resolvers: resolvers as GraphQLResolverMap<unknown>,
    }),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: true,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req: { headers } }) => {
      requests.push(headers);
      const assertion = headers[IDENTITY_HEADER];
      return {
        headers,
        caller: typeof assertion === 'string' ? await verify(assertion) : undefined,
      };
    },
  });
  return { name, sdl, url, requests, stop: () => server.stop() };
}
