import type { Scope } from '../../../harness/scope.ts';
import { startWorkerProcess } from '../../../harness/worker-process.ts';
import type { Call, SubgraphsOrder, SubgraphsReply } from './protocol.ts';

/** The subgraphs, running in a process of their own. */
export interface Subgraphs {
  /** `http://127.0.0.1:port`; a subgraph's path is its name. */
  origin: string;
  /** The process's id. */
  pid: number;
  /** Requests that they had so far. */
  count(): Promise<number>;
  /** Does work that asks a gateway something. @returns the calls that the gateway made for it */
  record(work: () => Promise<unknown>): Promise<Call[]>;
}

/**
 * Starts the subgraphs.
 *
 * @param core - the one that they stay on; null for any
 * @param cacheControl - what their answers say of caches, to anybody; by default nothing, and only to who says who they
 *   are
 */
export async function startSubgraphs(
  scope: Scope,
  core: number | null,
  cacheControl?: string,
): Promise<Subgraphs> {
  const { pid, next, give } = startWorkerProcess<SubgraphsOrder, SubgraphsReply>({
    name: 'the subgraphs',
    program: 'bench/dist/benches/gateway/subgraphs/main.js',
    args: cacheControl === undefined ? [] : [cacheControl],
    core,
    scope,
  });
  const { port } = await next<{ port: number }>();
  return {
    origin: `http://127.0.0.1:${port}`,
    pid,
    count: async () => (await give<{ count: number }>({ order: 'count' })).count,
    async record(work) {
      await give({ order: 'record' });
      await work();
      return (await give<{ calls: Call[] }>({ order: 'recorded' })).calls;
    },
  };
}
