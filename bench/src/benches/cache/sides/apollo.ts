import type { Side } from '../../../harness/scenario.ts';
import { startGateway } from '../../gateway/sides/start-gateway.ts';
import { type CacheSideOptions, cacheEnvironment } from './side.ts';

/** Apollo Server with `@apollo/gateway` and its response cache plugin. */
export const startApollo = (options: CacheSideOptions): Promise<Side> =>
  startGateway('apollo', options, (port) => ({
    command: [process.execPath, 'bench/dist/benches/cache/apollo/main.js'],
    env: {
      ...cacheEnvironment(options),
      SUPERGRAPH: options.supergraph,
      PORT: String(port),
      APOLLO_TELEMETRY_DISABLED: 'true',
    },
  }));
