import type { Environment } from '@tributary/platform';
import { type Answer, type GraphQLRequest, graphql } from '@tributary/testing';
import { type GatewayOptions, type RunningGateway, readSettings, startGateway } from '../../src/index.ts';
import { createWorkspace, type Entry, type Workspace } from './workspace.ts';

export interface TestGateway extends RunningGateway {
  /** Of the GraphQL endpoint. */
  endpoint: string;
  workspace: Workspace;
  query: (request: GraphQLRequest) => Promise<Answer<Record<string, unknown>>>;
}

/** A gateway on free ports, over these subgraphs; closing it removes its folder too. */
export async function startTestGateway(
  subgraphs: readonly Entry[],
  env: Environment = {},
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const workspace = await createWorkspace(subgraphs);
  const gateway = await startGateway(
    readSettings({
      NODE_ENV: 'test',
      PORT: '0',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'silent',
      SUPERGRAPH: workspace.config,
      ...env,
    }),
    options,
  ).catch(async (error: unknown) => {
    await workspace.remove();
    throw error;
  });
  const endpoint = `${gateway.url}/graphql`;
  return {
    ...gateway,
    endpoint,
    workspace,
    query: (request) => graphql(endpoint, request),
    async close() {
      await gateway.close();
      await workspace.remove();
    },
  };
}
