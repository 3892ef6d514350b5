import type { Side } from '../../../harness/scenario.ts';
import { requireCompetitor } from './competitors.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** Hive Gateway, with its query planner in JavaScript. */
export const startHive = (options: GatewayOptions): Promise<Side> => start('hive', [], options);

/** Hive Gateway, with its query planner in Rust. */
export const startHiveRust = (options: GatewayOptions): Promise<Side> =>
  start('hive-rust', ['--hive-router-runtime'], options);

async function start(name: string, args: readonly string[], options: GatewayOptions): Promise<Side> {
  const cwd = await requireCompetitor('hive', options.report);
  return startGateway(name, options, (port) => ({
    command: [
      process.execPath,
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      'supergraph',
      options.supergraph,
      '--config-path=gateway.config.mjs',
      '--host=127.0.0.1',
      `--port=${port}`,
      ...args,
    ],
    cwd,
  }));
}
