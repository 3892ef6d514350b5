import { freePort } from '@tributary/platform';
import { type EventSide, type SideOptions, startSide } from './side.ts';

/** Name of our gateway in the rows. */
export const OURS = 'tributary';

/** Connections beside those of the listeners: clients that do not read, and those that were just ended. */
const MORE_CONNECTIONS = 1_000;

/** Our gateway with its defaults, but for the number of listeners, which all come from one address. */
export async function startTributary(options: SideOptions): Promise<EventSide> {
  const { supergraph, listeners, profileDir } = options;
  const adminPort = await freePort();
  const profile = profileDir
    ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${OURS}.cpuprofile`]
    : [];
  return startSide(OURS, options, (port) => ({
    args: [...profile, 'gateway/dist/main.js'],
    env: {
      LOG_LEVEL: 'warn',
      SUPERGRAPH: supergraph,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      CONNECTIONS_PER_CLIENT: String(listeners + MORE_CONNECTIONS),
    },
  }));
}
