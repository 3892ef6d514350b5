import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../../../harness/scenario.ts';
import { GRAPH_FOLDER, SUBGRAPHS } from '../subgraphs/schemas.ts';
import { requireCompetitor } from './competitors.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** The Mercurius gateway, which composes the subgraphs by itself and knows Federation 1 only. */
export async function startMercurius(options: GatewayOptions): Promise<Side> {
  const cwd = await requireCompetitor('mercurius', options.report);
  const subgraphs = SUBGRAPHS.map((name) => ({
    name,
    url: `${options.subgraphs.origin}/${name}`,
    schema: withoutLinks(readFileSync(join(GRAPH_FOLDER, `${name}.graphql`), 'utf8')),
  }));
  return startGateway('mercurius', options, (port) => ({
    command: [process.execPath, 'main.mjs'],
    env: { SUBGRAPHS: JSON.stringify(subgraphs), PORT: String(port) },
    cwd,
  }));
}

/** Takes away what makes it a Federation 2 schema; the graph's SDL is made so that the rest is right without. */
const withoutLinks = (sdl: string): string => sdl.replace(/extend schema\s+@link\([^)]*\)/, '');
