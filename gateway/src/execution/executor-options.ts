import type { Authorization } from '../authorization/authorization.ts';
import type { CachedRun, Caching } from '../caching/caching.ts';
import type { GatewayContext } from '../context.ts';
import type { OverrideDecision } from '../overrides/override-decision.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import type { FetchRequest } from './execution.ts';
import type { Trace } from './explain/trace.ts';
import type { OperationCacheMetrics } from './operation-cache-metrics.ts';
import type { FetchedAnswer } from './operation-run.ts';
import type { Planner } from './planner.ts';

/** What the executor is made with. */
export interface ExecutorOptions {
  /** Asks a subgraph on behalf of a request. */
  send(request: FetchRequest, context: GatewayContext): Promise<SubgraphAnswer>;
  /** Says where a supergraph's operations are planned. */
  planWith(planner: Planner): Planner;
  /** About how many bytes of compiled operations are kept. */
  cacheBytes: number;
  /** Whether clients may ask for query plans, and how an operation ran. */
  exposePlans: boolean;
  /** Null when nothing is kept. */
  caching: Caching | null;
  authorization: Authorization;
  /** Which progressive `@override`s are in effect. */
  overrides: OverrideDecision;
  metrics: OperationCacheMetrics;
  /** Told what each run fetched. @default nobody is */
  observe?: ObserveRun | undefined;
}

/** Is told what a run fetched. @param context - of its request */
export type ObserveRun = (fetched: FetchedAnswer, context: GatewayContext) => void;

/** One run of an operation. */
export interface Run extends CachedRun {
  /** Follows the run. @default nothing does */
  trace?: Trace | null;
  /** For a subscription, what its source sent. */
  event?: SubgraphAnswer;
}

/** The header by which a client asks for the query plan of its operation, as `@apollo/gateway` has it. */
export const PLAN_HEADER = 'apollo-query-plan-experimental';

/** The header by which a client asks how its operation ran, with the value `1`; see `Explanation`. */
export const EXPLAIN_HEADER = 'tributary-explain';
