import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import type { Environment } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import { gatewayEnvironment, listOf } from '../environment.ts';
import { environmentOf, loadSubgraph, subgraphNames } from '../parts/subgraphs.ts';
import { type Ground, prepare } from '../prepare.ts';
import { type Print, react } from './react.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import { watchSources } from './watch-sources.ts';

/** How long a subgraph may be away while it starts again, without a request failing: 10 seconds. */
const RESTART_PATIENCE_MS = '10000';

/** The graph in development. */
export interface RunningDev {
  ground: Ground;
  /** The gateway's address, without a path. */
  url: string;
  adminUrl: string;
  subgraphs: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/**
 * Starts every service from its sources in a process of its own, and starts those again whose sources change.
 *
 * @param stopping - looked at between the steps
 * @param print - called with each line that a service, or the reaction to a change, has to say
 */
export async function startDev(env: Environment, stopping: AbortSignal, print: Print): Promise<RunningDev> {
  const ground = await prepare(env, stopping);
  const services = new Map<string, ServiceProcess>();
  const close = async () => {
    for (const service of [...services.values()].reverse()) await service.stop();
    await ground.close();
  };
  try {
    const subgraphs = await startServices(ground.env, services, stopping, print);
    ground.payments.notify(String(subgraphs.get('orders')));
    const watcher = await watchSources((reactions) => react(reactions, services, ground.databases, print));
    const { HOST, PORT, ADMIN_PORT } = ground.settings;
    return {
      ground,
      url: `http://${HOST}:${PORT}`,
      adminUrl: `http://${HOST}:${ADMIN_PORT}`,
      subgraphs,
      close: async () => {
        await watcher.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param services - those that have started are put in
 * @returns the subgraphs' GraphQL addresses by name
 */
async function startServices(
  env: Environment,
  services: Map<string, ServiceProcess>,
  stopping: AbortSignal,
  print: Print,
): Promise<ReadonlyMap<string, string>> {
  const start = async (name: string, main: string, serviceEnv: Environment) => {
    stopping.throwIfAborted();
    const service = await startServiceProcess({
      name,
      main: join(REPOSITORY, main),
      cwd: REPOSITORY,
      env: serviceEnv,
      print: (line) => print(name, line),
    });
    services.set(name, service);
  };
  const subgraphs = new Map<string, string>();
  for (const name of subgraphNames()) subgraphs.set(name, await addressOf(name, environmentOf(name, env)));
  for (const name of subgraphs.keys()) {
    const serviceEnv = { SUBGRAPH_URLS: listOf(subgraphs), ...environmentOf(name, env) };
    await step(`Subgraph ${name}`, () => start(name, `subgraphs/${name}/src/main.ts`, serviceEnv));
  }
  await step('Gateway', () =>
    start('gateway', 'gateway/src/main.ts', {
      SUPERGRAPH_WATCH: 'true',
      SUBGRAPH_CONNECT_RETRY_MS: RESTART_PATIENCE_MS,
      ...gatewayEnvironment(env, subgraphs),
    }),
  );
  return subgraphs;
}

async function addressOf(name: string, env: Environment): Promise<string> {
  const { HOST, PORT } = (await loadSubgraph(name)).readSettings(env) as { HOST: string; PORT: number };
  return `http://${HOST}:${PORT}/graphql`;
}
