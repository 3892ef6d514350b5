import { ApolloGateway } from '@apollo/gateway';
import type { Logger, Registry } from '@tributary/platform';
import { createAuthorization } from '../authorization/authorization.ts';
import type { PolicyCheck } from '../authorization/policies/policy-check.ts';
import type { AuthorizationSettings } from '../authorization/settings.ts';
import type { Caching } from '../caching/caching.ts';
import type { GatewaySettings } from '../config.ts';
import type { SchemaListener } from '../execution/apollo/gateway.ts';
import { Executor } from '../execution/executor.ts';
import type { ObserveRun } from '../execution/executor-options.ts';
import { createOperationCacheMetrics } from '../execution/operation-cache-metrics.ts';
import { createPlanningMetrics } from '../execution/planning-workers/planning-metrics.ts';
import { WorkerPlanners } from '../execution/planning-workers/worker-planners.ts';
import { NodeDataSource } from '../node-field/node-data-source.ts';
import {
  createOverrideDecision,
  type OverrideDecisionOptions,
  refuseLabels,
  refuseUndecidedLabels,
} from '../overrides/override-decision.ts';
import { apolloLogger } from '../telemetry/apollo-logger.ts';
import { cacheHintOf } from '../transport/cache-hint.ts';
import { RemoteDataSource } from '../transport/remote-data-source.ts';
import type { SubgraphClients } from '../transport/subgraph-clients.ts';
import { asksWhoItIs, executableSupergraph, protectedSupergraph } from './executable-supergraph.ts';
import { NODE_SUBGRAPH_URL } from './snapshot.ts';
import type { SupergraphManager } from './supergraph-manager.ts';

/** What plans operations, and what runs the plans. */
export interface QueryEngine {
  gateway: ApolloGateway;
  /** Null when the gateway itself runs its plans. */
  executor: Executor | null;
  /** Tells a listener of each supergraph that is in use from then on. */
  onSupergraph(listener: SchemaListener): void;
  /** Ends the threads that plan. */
  close(): Promise<void>;
}

/** What a query engine is made from. */
export interface QueryEngineOptions {
  settings: GatewaySettings;
  supergraph: SupergraphManager;
  clients: SubgraphClients;
  /** Null when nothing is kept. */
  caching: Caching | null;
  authorization: Pick<AuthorizationSettings, 'mode'>;
  /** Decides about `@policy`; null when nobody does. */
  policies: PolicyCheck | null;
  /** What decides which progressive `@override`s are in effect. */
  overrides: OverrideDecisionOptions;
  /** Told what each run fetched; null for nobody. */
  observe: ObserveRun | null;
  registry: Registry;
  logger: Logger;
}

/** Makes Apollo's gateway for the supergraph, and the executor that `EXECUTOR` says. Nothing is loaded yet. */
export function createQueryEngine({
  settings,
  supergraph,
  clients,
  caching,
  authorization: { mode },
  policies,
  overrides,
  observe,
  registry,
  logger,
}: QueryEngineOptions): QueryEngine {
  const isOurs = settings.EXECUTOR === 'tributary';
  const exposePlans = settings.NODE_ENV !== 'production';
  const node = new NodeDataSource(
    () => supergraph.current,
    (name) => clients.get(name),
    (answer, owner, types) =>
      caching ? caching.hintOfObjects(answer, owner, types) : cacheHintOf(answer.cacheControl),
  );
  const gateway = new ApolloGateway({
    supergraphSdl: isOurs
      ? executableSupergraph(supergraph, { policies: policies !== null }, (document) =>
          refuseUndecidedLabels(document, overrides),
        )
      : protectedSupergraph(supergraph, refuseLabels),
    buildService: ({ name, url }) =>
      url === NODE_SUBGRAPH_URL ? node : new RemoteDataSource(() => clients.get(name)),
    logger: apolloLogger(logger),
    __exposeQueryPlanExperimental: exposePlans,
  });
  if (!isOurs) {
    return {
      gateway,
      executor: null,
      onSupergraph: (listener) => gateway.onSchemaLoadOrUpdate(listener),
      close: async () => undefined,
    };
  }
  if (settings.AUTH_ISSUER === undefined) {
    gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => {
      if (asksWhoItIs(coreSupergraphSdl)) logger.warn(NOBODY_IS_KNOWN);
    });
  }
  const isNode = (name: string) => supergraph.current.subgraphs.get(name) === NODE_SUBGRAPH_URL;
  const { PLANNING_WORKERS: size, PLANNING_TIMEOUT_MS: limit } = settings;
  const workers =
    size > 0 ? new WorkerPlanners({ size, limit, metrics: createPlanningMetrics(registry) }) : null;
  const executor: Executor = new Executor(gateway, {
    planWith: (planner) => (workers ? workers.withThreads(planner) : planner),
    send: (fetch, context) =>
      (isNode(fetch.subgraph) ? node : clients.get(fetch.subgraph)).send(fetch, context),
    cacheBytes: settings.OPERATION_CACHE_MB * 1_000_000,
    exposePlans,
    caching,
    authorization: createAuthorization({ mode, policies, logger }),
    overrides: createOverrideDecision(overrides),
    metrics: createOperationCacheMetrics(registry, () => executor.operationCount),
    ...(observe && { observe }),
  });
  supergraph.takeOverWith((use, isWanted) => executor.takeOver(use, isWanted));
  return {
    gateway,
    executor,
    onSupergraph: (listener) => executor.onSwitch(listener),
    close: async () => workers?.close(),
  };
}

const NOBODY_IS_KNOWN =
  'AUTH_ISSUER is not set, so nobody is authenticated: what @authenticated and @requiresScopes protect is given to nobody';
