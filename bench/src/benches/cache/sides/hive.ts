import type { Side } from '../../../harness/scenario.ts';
import { requireCompetitor } from '../../gateway/sides/competitors.ts';
import { startGateway } from '../../gateway/sides/start-gateway.ts';
import { type CacheSideOptions, cacheEnvironment } from './side.ts';

/** Hive Gateway with its JavaScript query planner and its response cache. */
export async function startHive(options: CacheSideOptions): Promise<Side> {
  const cwd = await requireCompetitor('hive', options.report);
  return startGateway('hive', options, (port) => ({
    command: [
      process.execPath,
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      'supergraph',
      options.supergraph,
      '--config-path=caching.config.mjs',
      '--host=127.0.0.1',
      `--port=${port}`,
    ],
    env: cacheEnvironment(options),
    cwd,
  }));
}
