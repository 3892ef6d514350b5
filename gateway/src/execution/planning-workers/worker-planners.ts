import { type DocumentNode, GraphQLError, print } from 'graphql';
import { refusal } from '../../errors/gateway-error.ts';
import type { Planner } from '../planner.ts';
import type { PlanningOptions, TimedPlan } from '../planning/planning.ts';
import { UnplannableError, UnresolvableError } from '../planning/planning-errors.ts';
import { FetchedNames } from '../planning/response-names.ts';
import { planningFailure } from '../planning-failure.ts';
import type { SentFailure } from './messages.ts';
import { PlanningPool, type PlanningPoolOptions } from './planning-pool.ts';
import { PlanningTimeoutError } from './planning-thread.ts';

/** Has planners plan in other threads. */
export class WorkerPlanners {
  readonly #options: Omit<PlanningPoolOptions, 'sdl'>;
  readonly #pools = new Set<PlanningPool>();

  constructor(options: Omit<PlanningPoolOptions, 'sdl'>) {
    this.#options = options;
  }

  /** A planner that plans the same in threads of its own. Its requests are held up by none of it. */
  withThreads(planner: Planner): Planner {
    const pool = new PlanningPool({ ...this.#options, sdl: planner.supergraphSdl });
    this.#pools.add(pool);
    return {
      ...planner,
      plan: async (document, options) => planner.complete(await buildIn(pool, document, options)),
      ready: () => pool.ready(),
      retire: () => {
        this.#pools.delete(pool);
        pool.retire();
      },
    };
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools].map((pool) => pool.close()));
  }
}

async function buildIn(
  pool: PlanningPool,
  document: DocumentNode,
  options: PlanningOptions,
): Promise<TimedPlan> {
  const reply = await pool.plan({ ...options, source: print(document) }).catch((error: unknown) => {
    throw error instanceof PlanningTimeoutError ? refusal('QUERY_PLANNING_TIMEOUT') : error;
  });
  if (reply.kind !== 'plan') throw planningFailure(errorOf(reply), document, options);
  const { plan, byField, clientNames, planning } = reply;
  return { plan, names: new FetchedNames(byField, clientNames), planning };
}

/** The error that a thread told of, with the stack that it has there. */
function errorOf({ kind, message, stack, extensions }: SentFailure): Error {
  const error =
    kind === 'unplannable'
      ? new UnplannableError(message)
      : kind === 'unresolvable'
        ? new UnresolvableError(message)
        : kind === 'invalid'
          ? new GraphQLError(message, { extensions: extensions ?? {} })
          : new Error(message);
  return stack === undefined ? error : Object.defineProperty(error, 'stack', { value: stack });
}
