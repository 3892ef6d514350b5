import type { ApolloServerPlugin } from '@apollo/server';
import {
  connectRedis,
  createHttpService,
  createLogger,
  createMetrics,
  type HttpServiceOptions,
  type Logger,
  openTls,
  shutdownTimes,
  startTracing,
} from '@tributary/platform';
import type { PolicyCheck } from './authorization/policies/policy-check.ts';
import { createPolicyService } from './authorization/policies/policy-service.ts';
import { createCaching } from './caching/create-caching.ts';
import { registerInvalidation } from './caching/invalidation-route.ts';
import { type GatewaySettings, propagatedHeaders, trustsTraces } from './config.ts';
import { createContextFactory, type GatewayContext } from './context.ts';
import { refuseUnknownOwners } from './cookies/cookie-owners.ts';
import { EXPLAIN_HEADER, PLAN_HEADER } from './execution/executor-options.ts';
import { readGatewayFile } from './gateway-file.ts';
import { createGuards, createPricing } from './guards.ts';
import { createDirectHandler } from './operations/direct-handler.ts';
import { KnownQueries } from './operations/known-queries.ts';
import type { OperationCheck } from './operations/operation-checks.ts';
import { createHttpAdmission } from './overload/http-admission.ts';
import { createAdmission } from './overload/metrics.ts';
import type { OverrideDecisionOptions } from './overrides/override-decision.ts';
import type { RunningGateway } from './running-gateway.ts';
import { createAuthenticator } from './security/authenticate.ts';
import { createErrorFormatter } from './security/error-masking.ts';
import { startApolloServer } from './server/apollo-server.ts';
import { refuseUnreadable } from './server/client-errors.ts';
import { refuseBadUrl } from './server/error-handler.ts';
import { followSupergraph } from './server/follow-supergraph.ts';
import { GRAPHQL_PATH } from './server/graphql-path.ts';
import { registerRoutes } from './server/http-server.ts';
import { EXAMPLE_FOR_ANY_GRAPH, type ExampleOperation } from './server/landing-page.ts';
import { createRepeats } from './server/repeats/create-repeats.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import { Upstreams } from './subscriptions/upstream/upstreams.ts';
import { createQueryEngine } from './supergraph/query-engine.ts';
import { SupergraphManager } from './supergraph/supergraph-manager.ts';
import { createReports } from './telemetry/create-reports.ts';
import { createGatewayMetrics } from './telemetry/gateway-metrics.ts';
import { HttpClients } from './transport/http-clients.ts';
import { registerPoolMetrics } from './transport/pool-metrics.ts';
import { registerBreakerMetrics } from './transport/resilience/breaker-metrics.ts';
import { Changes } from './transport/sharing/changes.ts';
import { SubgraphClients } from './transport/subgraph-clients.ts';
import { createTransport } from './transport/transport.ts';

/** What a gateway can be given beside its settings. */
export interface GatewayOptions {
  /** @default one made from the settings */
  logger?: Logger;
  /** What the explorers start with; it should be an operation of this graph. */
  example?: ExampleOperation;
  /** Apollo Server's plugins; with some, every operation goes through it, which costs time. @default none */
  plugins?: readonly ApolloServerPlugin<GatewayContext>[];
  /** Made before each operation is run, after the gateway's own. @default none */
  checks?: readonly OperationCheck[];
  /** Decides about `@policy`. @default the service that `authorization.policies` of the configuration file names */
  policies?: PolicyCheck;
  /** Decides which progressive `@override`s are in effect, before the configuration file does. @default none */
  overrides?: Partial<Pick<OverrideDecisionOptions, 'hook' | 'random'>>;
  /** How messages about a taken port call the settings. */
  portSettings?: NonNullable<HttpServiceOptions['portSettings']>;
}

/**
 * Starts a gateway: loads the supergraph, then listens.
 *
 * @throws StartupError when the supergraph cannot be used or a port is taken; nothing is left open then
 */
export async function startGateway(
  settings: GatewaySettings,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const logger = options.logger ?? createLogger({ name: 'gateway', ...settings });
  const example = options.example ?? EXAMPLE_FOR_ANY_GRAPH;
  const metricsRegistry = createMetrics('gateway');
  const metrics = createGatewayMetrics(metricsRegistry, settings.METRICS_OPERATION_NAMES);
  const reports = createReports(settings, metrics, logger);
  const supergraph = await SupergraphManager.load(settings.SUPERGRAPH, logger);

  const opened: (() => Promise<unknown> | unknown)[] = [() => supergraph.close()];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const tracing = await startTracing({ service: 'gateway', settings, logger });
    opened.push(() => tracing?.close());
    const file = await readGatewayFile(settings.GATEWAY_CONFIG, supergraph.current, {
      timeout: settings.SUBGRAPH_TIMEOUT_MS,
      shareFetches: settings.SHARE_FETCHES,
    });
    const tls = await openTls(settings, metricsRegistry, logger);
    const http = new HttpClients(tls.subgraphs);
    opened.push(
      () => tls.close(),
      () => http.close(),
    );
    const changes = new Changes();
    const clients = new SubgraphClients(
      settings.SUBGRAPH_URLS,
      () => supergraph.current,
      createTransport({ settings, file, http, changes, metrics, logger }),
    );
    registerBreakerMetrics(metricsRegistry, () => clients.states());
    registerPoolMetrics(metricsRegistry, () => clients.loads());
    const upstreams = new Upstreams((name) => file.transportOf(name), clients, tls.subgraphs, logger);
    opened.push(() => upstreams.close());
    refuseUnknownOwners(settings.COOKIES, supergraph.current);
    const redis = settings.REDIS_URL === undefined ? null : connectRedis(settings.REDIS_URL, logger);
    if (redis) opened.push(() => redis.disconnect());

    const admission = file.overload && createAdmission(file.overload, metricsRegistry);
    if (admission) opened.push(() => admission.close());
    const cached =
      file.caching && settings.EXECUTOR === 'tributary'
        ? createCaching({
            settings: file.caching,
            redisUrl: settings.REDIS_URL,
            changes,
            registry: metricsRegistry,
            logger,
          })
        : null;
    if (cached) opened.push(() => cached.stores.close());
    const caching = cached?.caching ?? null;
    const pricing = createPricing(file, settings, metricsRegistry);
    const { demand, estimator } = pricing;
    const { authorization } = file;
    const engine = createQueryEngine({
      settings,
      supergraph,
      clients,
      caching,
      authorization,
      policies: options.policies ?? (authorization.policies && createPolicyService(authorization.policies)),
      overrides: { shares: file.overrides, ...options.overrides, hook: options.overrides?.hook ?? null },
      observe: demand?.observe ?? null,
      registry: metricsRegistry,
      logger,
    });
    opened.push(() => engine.close());
    const { gateway, executor, onSupergraph } = engine;
    onSupergraph(({ apiSchema, coreSupergraphSdl }) => estimator.adopt(apiSchema, coreSupergraphSdl));
    const formatError = createErrorFormatter(logger, settings);
    const plugins = options.plugins ?? [];
    const queries = new KnownQueries();
    const guards = await createGuards({
      settings,
      file,
      pricing,
      executor,
      checks: options.checks ?? [],
      preferOperations: metrics.preferOperations,
      registry: metricsRegistry,
      logger,
    });
    opened.push(() => guards.close());
    const { limits, rateLimits, persisted, checks } = guards;
    const apollo = await startApolloServer({
      settings,
      gateway,
      executor,
      formatError,
      limits: file.limits,
      checks,
      rateLimits,
      queries,
      plugins: [...(demand ? [demand.plugin] : []), ...plugins],
      redis,
      reports,
      isTraced: tracing !== null,
      logger,
      example,
    });
    opened.push(() => apollo.stop());

    const service = createHttpService({
      ...settings,
      logger,
      metrics: metricsRegistry,
      tls: tls.server,
      details: {
        supergraph: followSupergraph({ onSupergraph }, () => supergraph.current.sdl),
        subgraphs: () => clients.states(),
      },
      ...(redis && { reported: { redis: async () => void (await redis.ping()) } }),
      ...(options.portSettings && { portSettings: options.portSettings }),
      fastify: {
        bodyLimit: file.limits.body,
        frameworkErrors: refuseBadUrl,
        clientErrorHandler: refuseUnreadable,
        ...(settings.TRUST_PROXY !== undefined && { trustProxy: settings.TRUST_PROXY }),
      },
    });
    opened.push(() => service.close());
    if (caching) registerInvalidation(service.admin, { caching, settings, logger });
    const propagated = propagatedHeaders(settings);
    const contextOptions = {
      authenticate: createAuthenticator(settings, tls.subgraphs, logger),
      propagated,
      cookieOwners: settings.COOKIES,
    };
    const makeContext = guards.guard(createContextFactory(contextOptions));
    const context = guards.admitting(makeContext);
    const subscriptions = createSubscriptions({
      settings,
      apollo,
      executor,
      upstreams,
      changes,
      context,
      contextOptions,
      cors: file.cors,
      door: guards.door,
      admit: guards.admit,
      formatError,
      admission,
      tracing,
      registry: metricsRegistry,
      logger,
    });
    onSupergraph(() => subscriptions.adopt());
    subscriptions.serveWebSockets(service.app.server, GRAPHQL_PATH);
    opened.push(() => {
      service.drain();
      return subscriptions.close();
    });
    const httpAdmission = admission && createHttpAdmission(admission, service);
    if (httpAdmission) service.putInFront(httpAdmission.listener);
    // In front of it: to give an answer again costs no more than to refuse it. But it cannot wait for Redis to count it.
    const repeats =
      caching?.responses && !rateLimits?.countsAnonymousQueries
        ? createRepeats({ settings, propagated, servesOtherOrigins: file.cors !== null, service, reports })
        : null;
    if (repeats) service.putInFront(repeats.listener);
    await registerRoutes(service.app, {
      traces: tracing && { tracing, trustsClients: trustsTraces(settings) },
      apollo,
      context,
      guards,
      admission: httpAdmission,
      repeats,
      // A plugin is to see every operation.
      direct:
        executor && plugins.length === 0
          ? createDirectHandler({
              executor,
              queries,
              limits,
              // Its checks turn away whom the other way does not admit.
              context: makeContext,
              formatError,
              reports,
              checks,
              responses: caching?.responses ?? null,
            })
          : null,
      eventStreams: subscriptions.eventStreams,
      cors: file.cors,
      securityHeaders: { hstsMaxAge: settings.HSTS_MAX_AGE },
      explorer: settings.NODE_ENV === 'production' ? null : example,
      compresses: settings.RESPONSE_COMPRESSION,
      cacheHeaders: {
        reads: settings.AUTH_ISSUER === undefined ? propagated : ['authorization', ...propagated],
        readsCookies: settings.COOKIES.size > 0,
        inspecting: settings.NODE_ENV === 'production' ? [] : [PLAN_HEADER, EXPLAIN_HEADER],
      },
      explainHeader: executor ? EXPLAIN_HEADER : null,
    });
    const { url, adminUrl } = await service.listen();
    await persisted?.start(() => repeats?.forget());
    if (settings.SUPERGRAPH_WATCH) await supergraph.startWatching();
    logger.info({ supergraph: settings.SUPERGRAPH, adminUrl }, `GraphQL at ${url}${GRAPHQL_PATH}`);
    return {
      logger,
      ...shutdownTimes(settings),
      url,
      adminUrl,
      metrics: metricsRegistry,
      drain: () => service.drain(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
