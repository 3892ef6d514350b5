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

/** What a test's gateway is started with. */
export interface TestGatewayOptions extends GatewayOptions {
  /** Written beside the `supergraph.yaml`, text by name; a `gateway.yaml` is its configuration file. */
  files?: Record<string, string>;
}

/** A gateway on free ports, over these subgraphs; closing it removes its folder too. */
export async function startTestGateway(
  subgraphs: readonly Entry[],
  env: Environment = {},
  { files = {}, ...options }: TestGatewayOptions = {},
): Promise<TestGateway> {
  const workspace = await createWorkspace(subgraphs);
  for (const [name, text] of Object.entries(files)) await workspace.write(name, text);
  const gateway = await startGateway(
    readSettings({
      NODE_ENV: 'test',
      PORT: '0',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'silent',
      PLANNING_WORKERS: '0', // a thread takes a second to start
      SUPERGRAPH: workspace.config,
      ...(files['gateway.yaml'] !== undefined && { GATEWAY_CONFIG: workspace.path('gateway.yaml') }),
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
