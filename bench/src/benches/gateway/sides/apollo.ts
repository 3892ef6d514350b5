import type { Side } from '../../../harness/scenario.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** Apollo Server with `@apollo/gateway`, as they come. */
export const startApollo = (options: GatewayOptions): Promise<Side> =>
  startGateway('apollo', options, (port) => ({
    command: [process.execPath, 'bench/dist/benches/gateway/apollo/main.js'],
    env: {
      SUPERGRAPH: options.supergraph,
      PORT: String(port),
      APOLLO_TELEMETRY_DISABLED: 'true',
    },
  }));
