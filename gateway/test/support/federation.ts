import { composeServices } from '@apollo/composition';
import type { Environment } from '@tributary/platform';
import type { GraphQLRequest } from '@tributary/testing';
import { parse } from 'graphql';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';
import { startSubgraph, type TestSubgraph } from './subgraph.ts';
import { createWorkspace } from './workspace.ts';

/** A subgraph's SDL and resolvers. */
export type Definition = readonly [sdl: string, resolvers: Parameters<typeof startSubgraph>[2]];

/** A gateway with the subgraphs behind it. */
export interface TestFederation extends TestGateway {
  subgraphs: readonly TestSubgraph[];
}

/** Real subgraphs, and a gateway that is given their supergraph as SDL, in the `supergraph.graphql` of its workspace; closing the gateway closes them too. */
export async function startFederation(
  definitions: Readonly<Record<string, Definition>>,
  env: Environment = {},
  options: TestGatewayOptions = {},
): Promise<TestFederation> {
  const subgraphs = await Promise.all(
    Object.entries(definitions).map(([name, [sdl, resolvers]]) => startSubgraph(name, sdl, resolvers)),
  );
  const stopSubgraphs = () => Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (errors) {
    await stopSubgraphs();
    throw new Error(errors.map(({ message }) => message).join('\n'));
  }
  const workspace = await createWorkspace([]);
  await workspace.write('supergraph.graphql', supergraphSdl);
  const starting = startTestGateway(
    [],
    { SUPERGRAPH: workspace.path('supergraph.graphql'), ...env },
    options,
  );
  const gateway = await starting.catch(async (error: unknown) => {
    await Promise.all([workspace.remove(), stopSubgraphs()]);
    throw error;
  });
  return {
    ...gateway,
    subgraphs,
    workspace,
    async close() {
      await gateway.close();
      await workspace.remove();
      await stopSubgraphs();
    },
  };
}

/** What a gateway says of a request, without status and headers. */
export async function ask(gateway: TestGateway, request: GraphQLRequest) {
  const { data, errors } = await gateway.query(request);
  return { data, errors };
}
