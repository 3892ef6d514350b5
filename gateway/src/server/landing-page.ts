import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

/** An operation that the explorers start with. */
export interface ExampleOperation {
  /** A GraphQL document; comments in it are kept. */
  query: string;
  variables?: Record<string, unknown>;
  /** HTTP headers by name; everybody who opens an explorer sees them. */
  headers?: Record<string, string>;
}

/** Works on every supergraph. */
export const EXAMPLE_FOR_ANY_GRAPH: ExampleOperation = {
  query: '# Press the play button: this works on every graph.\nquery Example {\n  __typename\n}\n',
};

/** GET `/graphql` in a browser: Apollo Sandbox with the example filled in, and nothing at all in production. */
export function landingPage(explorers: boolean, example: ExampleOperation): ApolloServerPlugin {
  if (!explorers) return ApolloServerPluginLandingPageDisabled();
  const { query: document, variables, headers } = example;
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    footer: false,
    document,
    ...(variables && { variables }),
    ...(headers && { headers }),
  });
}
