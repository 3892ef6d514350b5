import type { Scope } from '../../../harness/scope.ts';
import { startWorkerProcess } from '../../../harness/worker-process.ts';
import type {
  AudienceOrder,
  AudienceReply,
  AudienceResult,
  BroadcastOrder,
  ConnectOrder,
} from './protocol.ts';

/** The subgraphs, and who listens to them through a gateway, in a process of their own. */
export interface Audience {
  /** `http://127.0.0.1:port`; a subgraph's path is its name. */
  origin: string;
  /** The process's id. */
  pid: number;
  /** Requests over HTTP that the subgraphs had so far. */
  count(): Promise<number>;
  /** @throws Error when a gateway refuses a listener, or an event does not reach all of them as it should be */
  connect(order: Omit<ConnectOrder, 'order'>): Promise<AudienceResult>;
  /** @throws Error as `connect` */
  broadcast(order: Omit<BroadcastOrder, 'order'>): Promise<AudienceResult>;
  /** Ends all listeners, and waits until the gateway has ended its own subscriptions. */
  leave(): Promise<void>;
}

/** Starts them. @param core - the one that they stay on; null for any */
export async function startAudience(scope: Scope, core: number | null): Promise<Audience> {
  const { pid, next, give } = startWorkerProcess<AudienceOrder, AudienceReply>({
    name: 'the listeners',
    program: 'bench/dist/benches/subscriptions/audience/main.js',
    core,
    scope,
  });
  const resultOf = async (order: AudienceOrder) => (await give<{ result: AudienceResult }>(order)).result;

  const { port } = await next<{ port: number }>();
  return {
    origin: `http://127.0.0.1:${port}`,
    pid,
    count: async () => (await give<{ count: number }>({ order: 'count' })).count,
    connect: (order) => resultOf({ order: 'connect', ...order }),
    broadcast: (order) => resultOf({ order: 'broadcast', ...order }),
    leave: async () => void (await give({ order: 'leave' })),
  };
}
