import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '@tributary/platform';
import { usageOfProcess } from '../../../harness/process-usage.ts';
import { startProgram } from '../../../harness/program.ts';
import type { Side } from '../../../harness/scenario.ts';
import type { Scope } from '../../../harness/scope.ts';
import { REPOSITORY } from '../../../harness/server-process.ts';
import type { Audience } from '../audience/start.ts';

/** What every gateway is started with. */
export interface SideOptions {
  audience: Audience;
  /** File of the supergraph's SDL, with the subgraphs' real URLs. */
  supergraph: string;
  /** Most listeners at once. */
  listeners: number;
  /** The core that gateways stay on; null for any. */
  core: number | null;
  /** Folder for CPU profiles of our own gateway; null for none. */
  profileDir: string | null;
  scope: Scope;
  /** Told what is being done. */
  report(detail: string): void;
}

/** A gateway in Node that listeners connect to. */
export interface EventSide extends Side {
  /** Bytes that its process holds when its garbage is collected. */
  residentBytes(): Promise<number>;
}

/** How a gateway in Node is started on a port. */
export interface NodeProgram {
  /** Node's arguments, the program among them. */
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The repository's root when left out. */
  cwd?: string;
}

const PROBE = pathToFileURL(join(REPOSITORY, 'bench/dist/harness/memory-probe.js')).href;

/**
 * Starts a gateway on a free port, and waits until it answers at `/graphql`.
 *
 * @throws Error with what it wrote when it does not start
 */
export async function startSide(
  name: string,
  { audience, core, scope }: SideOptions,
  onPort: (port: number) => NodeProgram,
): Promise<EventSide> {
  const [port, probePort] = [await freePort(), await freePort()];
  const { args, env, cwd = REPOSITORY } = onPort(port);
  const url = `http://127.0.0.1:${port}/graphql`;
  const { pid, requireAlive } = await startProgram({
    name,
    command: [process.execPath, '--expose-gc', '--import', PROBE, ...args],
    env: { ...env, MEMORY_PROBE_PORT: String(probePort) },
    cwd,
    core,
    url,
    scope,
  });
  return {
    name,
    url,
    adminUrls: [],
    async usage() {
      requireAlive();
      const fetches = await audience.count();
      const loadCpuSeconds = usageOfProcess(audience.pid).cpuSeconds;
      return { ...usageOfProcess(pid), statements: 0, fetches, loadCpuSeconds };
    },
    async residentBytes() {
      requireAlive();
      const response = await fetch(`http://127.0.0.1:${probePort}/`);
      return ((await response.json()) as { rss: number }).rss;
    },
  };
}
