import type { Logger, Registry } from '@tributary/platform';
import type { FastifyInstance } from 'fastify';
import { type GatewaySettings, introspects } from './config.ts';
import type { ContextFactory, GatewayContext } from './context.ts';
import { CostEstimator } from './cost/cost-estimator.ts';
import { createCostMetrics } from './cost/cost-metrics.ts';
import { createDemandControl, type DemandControl } from './cost/demand-control.ts';
import { DEFAULT_LIST_SIZE } from './cost/settings.ts';
import type { Executor } from './execution/executor.ts';
import { createVariableLimits, type VariableLimits, variableLimitsCheck } from './limits/variables.ts';
import type { OperationCheck } from './operations/operation-checks.ts';
import { createPersistedOperations, type ServedPersistedOperations } from './persisted-operations/create.ts';
import type { Door } from './persisted-operations/door.ts';
import { createHttpDoor } from './persisted-operations/http-door.ts';
import { createHttpCounting } from './rate-limits/http-counting.ts';
import { createRateLimitMetrics } from './rate-limits/metrics.ts';
import { createRateLimits, type RateLimits } from './rate-limits/rate-limits.ts';
import type { RoomSettings } from './room-settings.ts';

/** What works out how dear operations are. */
export interface Pricing {
  estimator: CostEstimator;
  /** Null where cost is not limited. */
  demand: DemandControl | null;
}

/** Makes what works out how dear operations are; `estimator` has to be told of supergraphs. */
export function createPricing(
  { cost }: Pick<RoomSettings, 'cost'>,
  settings: Pick<GatewaySettings, 'NODE_ENV'>,
  registry: Registry,
): Pricing {
  const estimator = new CostEstimator(cost?.listSize ?? DEFAULT_LIST_SIZE);
  if (!cost) return { estimator, demand: null };
  const tells = settings.NODE_ENV !== 'production';
  const demand = createDemandControl({
    settings: cost,
    estimator,
    metrics: createCostMetrics(registry),
    tells,
  });
  return { estimator, demand };
}

/** What guards are made with. */
export interface GuardOptions {
  settings: GatewaySettings;
  file: RoomSettings;
  pricing: Pricing;
  executor: Executor | null;
  /** Of who embeds the gateway. */
  checks: readonly OperationCheck[];
  /** Has the metrics tell these operations apart before others. */
  preferOperations(names: Iterable<string>): void;
  registry: Registry;
  logger: Logger;
}

/** What a request has to pass before its operation is run. */
export interface Guards {
  limits: VariableLimits;
  rateLimits: RateLimits | null;
  persisted: ServedPersistedOperations | null;
  /** For what comes over WebSockets. */
  door: Door;
  /** Has what comes over HTTP go through the door, and counted that is refused. */
  register(app: FastifyInstance): void;
  /** In the order in which they are made: what is cheap, and who may ask at all, come first. */
  checks: readonly OperationCheck[];
  /** Throws for who is not let in. */
  admit(context: GatewayContext): void;
  /** @returns makes contexts of what goes through the door */
  guard(make: ContextFactory): ContextFactory;
  /** @returns makes contexts of those alone who are let in */
  admitting(make: ContextFactory): ContextFactory;
  close(): Promise<void>;
}

/** Makes the guards. @throws StartupError when a manifest of persisted operations cannot be used */
export async function createGuards(options: GuardOptions): Promise<Guards> {
  const { settings, file, pricing, executor, registry, logger } = options;
  const { demand, estimator } = pricing;
  // First, as it may fail, and nothing is open yet then.
  const persisted = file.persistedOperations
    ? await createPersistedOperations({
        settings: file.persistedOperations,
        introspection: introspects(settings),
        executor,
        preferOperations: options.preferOperations,
        registry,
        logger,
      })
    : null;
  const rateLimits = file.rateLimits
    ? createRateLimits(file.rateLimits, {
        redisUrl: settings.REDIS_URL,
        costOf: (asked) => estimator.estimate(asked).cost,
        knowsViewers: settings.AUTH_ISSUER !== undefined,
        metrics: createRateLimitMetrics(registry),
        logger,
      })
    : null;
  const limits = createVariableLimits(file.limits);
  const admit = (context: GatewayContext) => rateLimits?.admit(context);
  const httpDoor = persisted ? createHttpDoor(persisted.door) : null;
  const counting = rateLimits ? createHttpCounting(rateLimits) : null;
  return {
    limits,
    rateLimits,
    persisted,
    door: persisted?.door ?? ((parameters) => ({ parameters })),
    register(app) {
      counting?.register(app);
      httpDoor?.register(app);
    },
    checks: [
      ...(persisted ? [persisted.check] : []),
      variableLimitsCheck(limits),
      ...(rateLimits ? [rateLimits.check] : []),
      ...(demand ? [demand.check] : []),
      ...options.checks,
    ],
    admit,
    guard(make) {
      const noted = counting ? counting.noting(make) : make;
      return httpDoor ? httpDoor.guard(noted) : noted;
    },
    admitting: (make) =>
      rateLimits
        ? async (request, reply) => {
            const context = await make(request, reply);
            admit(context);
            return context;
          }
        : make,
    async close() {
      await persisted?.close();
      await rateLimits?.close();
    },
  };
}
