import type { ApolloServerPlugin } from '@apollo/server';
import {
  connectRedis,
  createCallerSigner,
  createHttpService,
  createLogger,
  createMetrics,
  type HttpServiceOptions,
  type Logger,
  type RunningService,
} from '@tributary/platform';
import { Agent } from 'undici';
import type { GatewaySettings } from './config.ts';
import { createContextFactory, type GatewayContext } from './context.ts';
import { refuseUnknownOwners } from './cookies/cookie-owners.ts';
import { createDirectHandler } from './operations/direct-handler.ts';
import { createAuthenticator } from './security/authenticate.ts';
import { createErrorFormatter } from './security/error-masking.ts';
import { startApolloServer } from './server/apollo-server.ts';
import { BODY_LIMIT, GRAPHQL_PATH, registerRoutes } from './server/http-server.ts';
import { EXAMPLE_FOR_ANY_GRAPH, type ExampleOperation } from './server/landing-page.ts';
import { createQueryEngine } from './supergraph/query-engine.ts';
import { SupergraphManager } from './supergraph/supergraph-manager.ts';
import { createGatewayMetrics } from './telemetry/gateway-metrics.ts';
import { SubgraphClients } from './transport/subgraph-clients.ts';

/** Most connections to one subgraph; requests above that wait for their turn, within their deadline. */
const MAX_CONNECTIONS = 256;

/** What a gateway can be given beside its settings. */
export interface GatewayOptions {
  /** @default one made from the settings */
  logger?: Logger;
  /** What the explorers start with; it should be an operation of this graph. */
  example?: ExampleOperation;
  /** Apollo Server's plugins; with some, every operation goes through it, which costs time. @default none */
  plugins?: readonly ApolloServerPlugin<GatewayContext>[];
  /** How messages about a taken port call the settings. */
  portSettings?: NonNullable<HttpServiceOptions['portSettings']>;
}

/** A gateway that listens. */
export interface RunningGateway extends RunningService {
  /** `http://host:port`, without a path. */
  url: string;
  /** Where `/metrics` is. */
  adminUrl: string;
  /** Answers "not ready" from now on, while requests are still served. */
  drain(): void;
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
  const metrics = createGatewayMetrics(metricsRegistry);
  const supergraph = await SupergraphManager.load(settings.SUPERGRAPH, logger);

  const opened: (() => Promise<unknown> | unknown)[] = [() => supergraph.close()];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const dispatcher = new Agent({ connections: MAX_CONNECTIONS });
    opened.push(() => dispatcher.close());
    const clients = new SubgraphClients(settings.SUBGRAPH_URLS, () => supergraph.current, {
      dispatcher,
      sign: settings.INTERNAL_SECRET === undefined ? null : createCallerSigner(settings.INTERNAL_SECRET),
      timeout: settings.SUBGRAPH_TIMEOUT_MS,
      connectRetry: settings.SUBGRAPH_CONNECT_RETRY_MS,
      metrics,
      logger,
    });
    refuseUnknownOwners(settings.COOKIES, supergraph.current);
    const redis = settings.REDIS_URL === undefined ? null : connectRedis(settings.REDIS_URL, logger);
    if (redis) opened.push(() => redis.disconnect());

    const { gateway, executor } = createQueryEngine({ settings, supergraph, clients, logger });
    const formatError = createErrorFormatter(logger);
    const plugins = options.plugins ?? [];
    const apollo = await startApolloServer({
      settings,
      gateway,
      executor,
      formatError,
      plugins,
      redis,
      metrics,
      logger,
      example,
    });
    opened.push(() => apollo.stop());

    const http = createHttpService({
      ...settings,
      logger,
      metrics: metricsRegistry,
      ...(redis && { reported: { redis: async () => void (await redis.ping()) } }),
      ...(options.portSettings && { portSettings: options.portSettings }),
      fastify: {
        bodyLimit: BODY_LIMIT,
        ...(settings.TRUST_PROXY !== undefined && { trustProxy: settings.TRUST_PROXY }),
      },
    });
    opened.push(() => http.close());
    const context = createContextFactory({
      authenticate: createAuthenticator(settings, logger),
      propagated: propagatedHeaders(settings),
      cookieOwners: settings.COOKIES,
    });
    await registerRoutes(http.app, {
      apollo,
      context,
      // A plugin is to see every operation.
      direct:
        executor && plugins.length === 0
          ? createDirectHandler({ executor, context, formatError, metrics })
          : null,
      explorer: settings.NODE_ENV === 'production' ? null : example,
    });
    const { url, adminUrl } = await http.listen();
    if (settings.SUPERGRAPH_WATCH) await supergraph.startWatching();
    logger.info({ supergraph: settings.SUPERGRAPH, adminUrl }, `GraphQL at ${url}${GRAPHQL_PATH}`);
    return {
      logger,
      SHUTDOWN_GRACE_MS: settings.SHUTDOWN_GRACE_MS,
      url,
      adminUrl,
      drain: () => http.drain(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Who verifies no tokens hands them on to those who may. */
const propagatedHeaders = ({ PROPAGATE_HEADERS, AUTH_ISSUER }: GatewaySettings): readonly string[] =>
  PROPAGATE_HEADERS ?? (AUTH_ISSUER === undefined ? ['authorization'] : []);
