import type { LoadGenerator } from '../../../harness/load/load-generator.ts';
import { usageOfProcess } from '../../../harness/process-usage.ts';
import type { Program } from '../../../harness/program.ts';
import type { Side } from '../../../harness/scenario.ts';
import type { Scope } from '../../../harness/scope.ts';
import type { Subgraphs } from '../subgraphs/start.ts';

/** What every gateway is started with. */
export interface GatewayOptions {
  subgraphs: Subgraphs;
  /** Asks the gateways. */
  load: LoadGenerator;
  /** File of the supergraph's SDL, with the subgraphs' real URLs. */
  supergraph: string;
  /** Folder for files that a gateway wants to be configured with. */
  folder: string;
  /** The core that gateways stay on; null for any. */
  core: number | null;
  /** Folder for CPU profiles of our own gateway; null for none. */
  profileDir: string | null;
  scope: Scope;
  /** Told what is being done. */
  report(detail: string): void;
}

/**
 * Makes a side of a gateway's process.
 *
 * @param url - of its GraphQL endpoint
 */
export function sideOf(
  name: string,
  url: string,
  program: Program,
  { subgraphs, load }: GatewayOptions,
): Side {
  const usage = async () => {
    program.requireAlive();
    return {
      ...usageOfProcess(program.pid),
      statements: 0,
      fetches: await subgraphs.count(),
      loadCpuSeconds: usageOfProcess(subgraphs.pid).cpuSeconds + usageOfProcess(load.pid).cpuSeconds,
    };
  };
  return { name, url, adminUrls: [], usage };
}
