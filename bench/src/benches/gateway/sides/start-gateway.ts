import { freePort } from '@tributary/platform';
import type { Command } from '../../../harness/pinned.ts';
import { startProgram } from '../../../harness/program.ts';
import type { Side } from '../../../harness/scenario.ts';
import { REPOSITORY } from '../../../harness/server-process.ts';
import { type GatewayOptions, sideOf } from './side.ts';

/** How a gateway is started on a port. */
export interface GatewayProgram {
  command: Command;
  /** Beside PATH and HOME, all that it is told. */
  env?: Readonly<Record<string, string>>;
  /** The repository's root when left out. */
  cwd?: string;
}

/**
 * Starts a gateway on a free port, and waits until it answers at `/graphql`.
 *
 * @throws Error with what it wrote when it does not start
 */
export async function startGateway(
  name: string,
  options: GatewayOptions,
  onPort: (port: number) => GatewayProgram,
): Promise<Side> {
  const { core, scope } = options;
  const port = await freePort();
  const { command, env = {}, cwd = REPOSITORY } = onPort(port);
  const url = `http://127.0.0.1:${port}/graphql`;
  const program = await startProgram({ name, command, env, cwd, core, url, scope });
  return sideOf(name, url, program, options);
}
