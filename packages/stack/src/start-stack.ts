import { type RunningGateway, readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import type { Environment, RunningService } from '@tributary/platform';
import { step } from '../../../scripts/step.mjs';
import { gatewayEnvironment } from './environment.ts';
import { EXAMPLE } from './parts/example.ts';
import { environmentOf, loadSubgraph, portSettingsOf, subgraphNames } from './parts/subgraphs.ts';
import { type Ground, prepare } from './prepare.ts';

/** A whole graph that answers. */
export interface RunningStack extends RunningService {
  ground: Ground;
  gateway: RunningGateway;
  /** GraphQL addresses by name. */
  subgraphs: ReadonlyMap<string, string>;
}

/**
 * Starts everything in this process: databases, the subgraphs, and the gateway in front of them, with real HTTP
 * between them.
 *
 * @param env - the settings of the stack and of all services
 * @param stopping - looked at between the steps
 * @throws StartupError naming the setting to change, or the signal's reason; nothing is left running then
 */
export async function startStack(env: Environment, stopping: AbortSignal): Promise<RunningStack> {
  const ground = await prepare(env, stopping);
  const running: RunningService[] = [];
  const close = async () => {
    for (const service of running.splice(0).reverse()) await service.close();
    await ground.close();
  };
  try {
    const subgraphs = new Map<string, string>();
    for (const name of subgraphNames()) {
      stopping.throwIfAborted();
      const subgraph = await step(`Subgraph ${name}`, async (report) => {
        const module = await loadSubgraph(name);
        const settings = module.readSettings(environmentOf(name, ground.env));
        const started = await module.start(
          // Ports may be chosen by the system: where the others are is known once all have started.
          ground.env.SUBGRAPH_URLS ? settings : { ...settings, SUBGRAPH_URLS: subgraphs },
          portSettingsOf(name),
        );
        running.push(started);
        report(started.url);
        return started;
      });
      subgraphs.set(name, subgraph.url);
    }
    ground.payments.notify(String(subgraphs.get('orders')));
    const gateway = await step('Gateway', async (report) => {
      const settings = readGatewaySettings(gatewayEnvironment(ground.env, subgraphs));
      const started = await startGateway(settings, { example: EXAMPLE });
      running.push(started);
      report(started.url);
      return started;
    });
    const { logger, SHUTDOWN_GRACE_MS } = gateway;
    return { ground, gateway, subgraphs, logger, SHUTDOWN_GRACE_MS, close };
  } catch (error) {
    await close();
    throw error;
  }
}
