import { requireCompetitor } from '../../gateway/sides/competitors.ts';
import { type EventSide, type SideOptions, startSide } from './side.ts';

/** Hive Gateway, with its query planner in JavaScript, and `graphql-transport-ws` to the subgraphs. */
export async function startHive(options: SideOptions): Promise<EventSide> {
  const cwd = await requireCompetitor('hive', options.report);
  return startSide('hive', options, (port) => ({
    args: [
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      'supergraph',
      options.supergraph,
      '--config-path=subscriptions.config.mjs',
      '--host=127.0.0.1',
      `--port=${port}`,
    ],
    cwd,
  }));
}
