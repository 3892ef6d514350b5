import type { ApolloServerPlugin } from '@apollo/server';
import { type Logger, StartupError } from '@tributary/platform';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../context.ts';
import type { AskedOperation, OperationCheck } from '../operations/operation-checks.ts';
import { type Count, createCounters, type Taking } from './counters.ts';
import { type Asker, type Limit, limitsOf } from './limits.ts';
import type { RateLimitMetrics } from './metrics.ts';
import { rateLimited, tellCounts } from './refusal.ts';
import type { RateLimitSettings } from './settings.ts';

/** Clients that are remembered as over a limit, those first of whom nothing was heard for longest. */
const MOST_REFUSED = 10_000;

/** One operation takes so many points at most; fragments that spread fragments ask for a field any number of times. */
const MOST_POINTS = 1_000_000_000;

/** What rate limits are kept with. */
export interface RateLimitOptions {
  /** Where Redis is; undefined to count in this process. */
  redisUrl: string | undefined;
  /** The estimated cost of an operation. */
  costOf(asked: AskedOperation): number;
  /** Whether the gateway knows who is asking. */
  knowsViewers: boolean;
  metrics: RateLimitMetrics;
  logger: Logger;
}

/** Keeps clients from asking too often or too much. */
export interface RateLimits {
  /** Counts an operation that is about to run. */
  check: OperationCheck;
  /**
   * Turns away who is known to be over a limit of requests, before what they ask for is read. It counts nothing.
   *
   * @throws GraphQLError `RATE_LIMITED`
   */
  admit(context: GatewayContext): void;
  /** Why who asks is known to be over a limit of requests; undefined when it is not known. It counts nothing. */
  refusalOf(asker: Asker): GraphQLError | undefined;
  /** Counts a request that never becomes an operation. @returns why it is over a limit; undefined when it is not */
  count(asker: Asker): Promise<GraphQLError | undefined>;
  /** Counts what never becomes an operation: it cannot be parsed, is not valid, or is not known by its hash. */
  plugin: ApolloServerPlugin<GatewayContext>;
  /** Whether any query without a name is counted, so that none may be answered without a count. */
  countsAnonymousQueries: boolean;
  close(): void;
}

/**
 * Prepares the limits that settings make.
 *
 * @throws StartupError for a limit of what the gateway cannot know
 */
export function createRateLimits(settings: RateLimitSettings, options: RateLimitOptions): RateLimits {
  refuseUnknowable(settings, options);
  const { redisUrl, metrics, logger, costOf } = options;
  const limits = limitsOf(settings, costOf);
  const { ofRequests, ofOperations } = limits;
  const counters = createCounters({
    limits: [...ofRequests, ...ofOperations],
    prefix: settings.redisPrefix,
    redisUrl,
    logger,
    metrics,
  });
  const refused = new LRUCache<string, true>({ max: MOST_REFUSED });

  const requestTakings = (asker: Asker): Taking[] =>
    ofRequests.flatMap((limit) => {
      const key = limit.keyOf(asker);
      return key === undefined ? [] : { limit, key, points: 1 };
    });
  const operationTakings = (asked: AskedOperation): Taking[] =>
    ofOperations.flatMap((limit) => {
      const points = Math.min(limit.pointsOf(asked), MOST_POINTS);
      const key = points > 0 ? limit.keyOf(asked.context) : undefined;
      return key === undefined ? [] : { limit, key, points };
    });
  /** Who is over a limit costs no more than a look here, until its time is up. */
  const knownRefusal = (asker: Asker, takings: readonly Taking[]): GraphQLError | undefined => {
    if (refused.size === 0) return undefined;
    const counts = takings.flatMap(({ limit, key }): Count | [] => {
      const resetsIn = refused.getRemainingTTL(nameOf(limit, key));
      return resetsIn > 0 ? { limit, key, isOver: true, remaining: 0, resetsIn } : [];
    });
    if (counts.length > 0) tellCounts(asker, counts);
    return overLimit(counts);
  };
  const overLimit = (counts: readonly Count[]): GraphQLError | undefined => {
    const over = counts.filter(({ isOver }) => isOver);
    const [longest] = over.sort((a, b) => b.resetsIn - a.resetsIn);
    if (!longest) return undefined;
    metrics.countRefused(longest.limit.name);
    return rateLimited(longest);
  };
  const count = async (asker: Asker, takings: readonly Taking[]): Promise<readonly Count[]> => {
    const counts = await counters.take(takings, asker.trace?.span);
    for (const { limit, key, isOver, resetsIn } of counts) {
      if (isOver && resetsIn > 0) refused.set(nameOf(limit, key), true, { ttl: Math.ceil(resetsIn) });
    }
    return counts;
  };
  /** @returns why the request is over a limit now */
  const take = async (asker: Asker, takings: readonly Taking[]): Promise<GraphQLError | undefined> => {
    const counts = await count(asker, takings);
    tellCounts(asker, counts);
    return overLimit(counts);
  };
  const refusalOf = (asker: Asker) => knownRefusal(asker, requestTakings(asker));

  return {
    check(asked) {
      const { context } = asked;
      const takings = [...requestTakings(context), ...operationTakings(asked)];
      if (takings.length === 0) return undefined;
      throwIt(knownRefusal(context, takings));
      return take(context, takings).then(throwIt);
    },
    admit: (context) => throwIt(refusalOf(context)),
    refusalOf,
    async count(asker) {
      const takings = requestTakings(asker);
      return takings.length > 0 ? take(asker, takings) : undefined;
    },
    plugin: {
      requestDidStart: async () => ({
        async didEncounterErrors({ operation, contextValue }) {
          const takings = operation ? [] : requestTakings(contextValue);
          if (takings.length > 0) tellCounts(contextValue, await count(contextValue, takings));
        },
      }),
    },
    countsAnonymousQueries: [...ofRequests, ...ofOperations].some(
      ({ name }) => name.endsWith('per_address') || name.startsWith('Query.'),
    ),
    close: () => counters.close(),
  };
}

function throwIt(error: GraphQLError | undefined): void {
  if (error) throw error;
}

const nameOf = ({ name }: Limit, key: string): string => `${name}:${key}`;

function refuseUnknowable(
  { costPerViewer, perViewer }: RateLimitSettings,
  { knowsViewers }: RateLimitOptions,
): void {
  if (knowsViewers) return;
  const problems = [perViewer && 'per_viewer', costPerViewer && 'cost_per_viewer'].flatMap((key) =>
    key ? `rate_limits.${key}: the gateway knows no viewers; set AUTH_ISSUER as well` : [],
  );
  if (problems.length > 0) throw new StartupError(problems.map((one) => `GATEWAY_CONFIG: ${one}`).join('\n'));
}
