import type { Side } from '../../../harness/scenario.ts';
import { freePorts } from '../../../harness/server-process.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** Names of our gateway, and of it with the stock executor, in the rows. */
export const OURS = 'tributary';
export const OURS_STOCK = 'tributary, stock executor';

/** Our gateway, with its defaults. It hands on `authorization` because it is not told whose tokens to verify. */
export const startTributary = (options: GatewayOptions): Promise<Side> => start(OURS, {}, options);

/** The same with Apollo's executor. */
export const startTributaryStock = (options: GatewayOptions): Promise<Side> =>
  start(OURS_STOCK, { EXECUTOR: 'apollo' }, options);

async function start(name: string, env: Record<string, string>, options: GatewayOptions): Promise<Side> {
  const { supergraph, profileDir } = options;
  const [adminPort] = await freePorts(1);
  const profile = profileDir
    ? [
        '--cpu-prof',
        `--cpu-prof-dir=${profileDir}`,
        `--cpu-prof-name=${name.replace(/\W+/g, '-')}.cpuprofile`,
      ]
    : [];
  return startGateway(name, options, (port) => ({
    command: [process.execPath, ...profile, 'gateway/dist/main.js'],
    env: {
      LOG_LEVEL: 'warn',
      SUPERGRAPH: supergraph,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      ...env,
    },
  }));
}
