import { freePort } from '@tributary/platform';
import type { Side } from '../../../harness/scenario.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** Names of our gateway, and of it with the stock executor, in the rows. */
export const OURS = 'tributary';
export const OURS_STOCK = 'tributary, stock executor';

/** Our gateway, with its defaults. It hands on `authorization` because it is not told whose tokens to verify. */
export const startTributary = (options: GatewayOptions): Promise<Side> =>
  startTributaryWith(OURS, {}, options);

/** The same with Apollo's executor. */
export const startTributaryStock = (options: GatewayOptions): Promise<Side> =>
  startTributaryWith(OURS_STOCK, { EXECUTOR: 'apollo' }, options);

/**
 * Our gateway with other settings.
 *
 * @param env - over the defaults
 * @param profileName - of its CPU profile
 */
export async function startTributaryWith(
  name: string,
  env: Readonly<Record<string, string>>,
  options: GatewayOptions,
  profileName: string = name,
): Promise<Side> {
  const { supergraph, profileDir } = options;
  const adminPort = await freePort();
  const profile = profileDir
    ? [
        '--cpu-prof',
        `--cpu-prof-dir=${profileDir}`,
        `--cpu-prof-name=${profileName.replace(/\W+/g, '-')}.cpuprofile`,
      ]
    : [];
  return startGateway(name, options, (port) => ({
    // As `npm run gateway` starts it.
    command: [process.execPath, '--max-semi-space-size=32', ...profile, 'gateway/dist/main.js'],
    env: {
      LOG_LEVEL: 'warn',
      SUPERGRAPH: supergraph,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      ...env,
    },
  }));
}
