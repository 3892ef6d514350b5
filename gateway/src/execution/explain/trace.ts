import { performance } from 'node:perf_hooks';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { CacheState, ExplainedFetch, ExplainedPart, Explanation } from '@tributary/explorer';
import { GraphQLError } from 'graphql';
import type { HttpTrace } from '../../transport/http-trace.ts';
import type { FetchRequest, SubgraphSender } from '../execution.ts';
import type { CompiledOperation } from '../operation.ts';
import type { ReadyFetch } from '../plan/fetch.ts';
import { explainPlan } from './explain-plan.ts';

/** A fetch that may still be under way: what the transport fills in stands apart. */
type TracedFetch = Omit<ExplainedFetch, keyof HttpTrace> & { http: HttpTrace };

/** Follows one run of an operation. It is made only for who asks, before anything else is done for the run. */
export class Trace {
  readonly #start = performance.now();
  readonly #fetches: TracedFetch[] = [];
  #answer = { start: 0, end: 0, bytes: 0 };

  /**
   * Sends a fetch and notes how that went.
   *
   * @param fetches - what it is for
   * @throws what `send` rejects with
   */
  async follow(request: FetchRequest, fetches: readonly ReadyFetch[], send: SubgraphSender) {
    const http: HttpTrace = {
      attempts: 0,
      bytesOut: null,
      bytesIn: null,
      status: null,
      cache: cacheStateOf(fetches),
    };
    const { subgraph, query } = request;
    const start = this.#now();
    const traced: TracedFetch = {
      subgraph,
      query,
      parts: fetches.map(partOf),
      start,
      end: start,
      error: null,
      errors: 0,
      http,
    };
    this.#fetches.push(traced);
    try {
      const answer = await send({ ...request, trace: http });
      traced.errors = answer.errors?.length ?? 0;
      return answer;
    } catch (error) {
      traced.error = codeOf(error);
      throw error;
    } finally {
      traced.end = this.#now();
    }
  }

  /** Notes fetches of which everything was kept. */
  noteKept(fetches: readonly ReadyFetch[]): void {
    const now = this.#now();
    for (const fetch of fetches) {
      const { subgraph, query } = fetch.operation;
      const parts = [partOf(fetch)];
      const http: HttpTrace = { attempts: 0, bytesOut: null, bytesIn: null, status: null, cache: 'hit' };
      this.#fetches.push({ subgraph, query, parts, start: now, end: now, error: null, errors: 0, http });
    }
  }

  /** Writes the answer's data, and notes how long that took. */
  write(write: () => Buffer): Buffer {
    const start = this.#now();
    const data = write();
    this.#answer = { start, end: this.#now(), bytes: data.length };
    return data;
  }

  /** What is to be told of the run. @param remembered - whether the operation was compiled before it */
  explain({ operation, plan, ids, labels, cost }: CompiledOperation, remembered: boolean): Explanation {
    return {
      version: 1,
      operation: {
        name: operation.name?.value ?? null,
        kind: operation.operation,
        remembered,
        planning: rounded(cost.planning),
        compiling: rounded(cost.compiling),
      },
      plan: plan.node && plan.node.kind !== 'Subscription' ? explainPlan(plan.node, { ids, labels }) : null,
      planText: plan.node ? prettyFormatQueryPlan(plan) : '',
      fetches: this.#fetches.map(({ http, ...fetch }) => ({ ...fetch, ...http })),
      answer: this.#answer,
      duration: this.#answer.end,
    };
  }

  #now = (): number => rounded(performance.now() - this.#start);
}

/** What the caches had of fetches that are sent. */
function cacheStateOf(fetches: readonly ReadyFetch[]): CacheState {
  const kept = fetches.flatMap((fetch) => fetch.kept ?? []);
  if (kept.length === 0) return 'none';
  return kept.some((count) => count > 0) ? 'partial' : 'miss';
}

const partOf = ({ operation, path, representations, wanted }: ReadyFetch): ExplainedPart => ({
  id: operation.id,
  kind: representations ? 'entities' : 'root',
  path,
  entities: representations ? { wanted, sent: representations.length } : null,
});

const codeOf = (error: unknown): string =>
  error instanceof GraphQLError && typeof error.extensions.code === 'string'
    ? error.extensions.code
    : 'INTERNAL_SERVER_ERROR';

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;
