import { constants } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Side } from '../../../harness/scenario.ts';
import { GRAPH_FOLDER, SUBGRAPHS } from '../subgraphs/schemas.ts';
import { requireCompetitor } from './competitors.ts';
import type { GatewayOptions } from './side.ts';
import { startGateway } from './start-gateway.ts';

/** Grafbase's gateway in Rust, by the command line tool's `dev`: the one way it comes on npm. */
export async function startGrafbase(options: GatewayOptions): Promise<Side> {
  const cwd = await requireCompetitor('grafbase', options.report);
  const binary = join(cwd, 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase');
  await chmod(binary, constants.S_IRWXU); // npm leaves it as the package has it
  const home = join(options.folder, 'grafbase');
  await mkdir(home);
  const config = join(home, 'grafbase.toml');
  await writeFile(config, configFor(options.subgraphs.origin));
  return startGateway('grafbase', options, (port) => ({
    command: [binary, '--home', home, 'dev', '--config', config, '--listen-address', `127.0.0.1:${port}`],
    cwd: home,
  }));
}

const configFor = (origin: string): string =>
  [
    '[[headers]]\nrule = "forward"\nname = "authorization"\n',
    ...SUBGRAPHS.map(
      (name) =>
        `[subgraphs.${name}]\nurl = "${origin}/${name}"\n` +
        `schema_path = ${JSON.stringify(join(GRAPH_FOLDER, `${name}.graphql`))}\n`,
    ),
  ].join('\n');
