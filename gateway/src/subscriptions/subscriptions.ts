import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import type { Logger, Registry, Tracing } from '@tributary/platform';
import type { GatewaySettings } from '../config.ts';
import type { ContextFactory, ContextOptions, GatewayContext } from '../context.ts';
import type { Executor } from '../execution/executor.ts';
import type { Admission } from '../overload/admission.ts';
import type { Door } from '../persisted-operations/door.ts';
import type { CorsPolicy } from '../security/cors/settings.ts';
import type { ErrorFormatter } from '../security/error-masking.ts';
import { createUpgradeAddress, createUpgradeHost } from '../server/upgrade-address.ts';
import type { Changes } from '../transport/sharing/changes.ts';
import { ClientLimits } from './client-limits.ts';
import { createEventStreamHandler, type EventStreamHandler } from './event-stream/handler.ts';
import { createSubscriptionMetrics } from './metrics.ts';
import { OpenClients } from './open-clients.ts';
import { createPrepareOperation } from './prepare-operation.ts';
import { createRunOperation } from './run-operation.ts';
import { Feeds } from './sharing/feeds.ts';
import type { Upstreams } from './upstream/upstreams.ts';
import { createProtocol } from './websocket/protocol.ts';
import { serveWebSockets } from './websocket/serve.ts';

/** What subscriptions are served with. */
export interface SubscriptionOptions {
  settings: GatewaySettings;
  apollo: ApolloServer<GatewayContext>;
  /** Null when nothing here runs plans; there are queries and mutations then, and no subscriptions. */
  executor: Executor | null;
  upstreams: Upstreams;
  /** Told of events: what is asked for because of one must not be known from before. */
  changes: Changes;
  context: ContextFactory;
  contextOptions: ContextOptions;
  /** What pages of other origins may do; null for nothing. */
  cors: CorsPolicy | null;
  /** What is asked for over a WebSocket goes through it first. */
  door: Door;
  /** Throws for who is not let in; `context` has done so already. */
  admit(context: GatewayContext): void;
  formatError: ErrorFormatter;
  /** Lets operations and connections in; null for all. */
  admission: Admission | null;
  /** Null when nothing is traced. */
  tracing: Tracing | null;
  registry: Registry;
  logger: Logger;
}

/** Subscriptions, and the ways to them. */
export interface Subscriptions {
  /** Serves WebSockets at a path of an HTTP server. */
  serveWebSockets(server: Server, path: string): void;
  eventStreams: EventStreamHandler;
  /** Goes over to the supergraph in use: ends what does not fit it. */
  adopt(): void;
  /** Lets no more clients in, and sends away those that are there. */
  close(): Promise<void>;
}

/** Makes what serves subscriptions, and any operation over a WebSocket or as an event stream. */
export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const { settings, apollo, executor, upstreams, changes, context, contextOptions, cors } = options;
  const { formatError, admission, tracing, logger } = options;
  const clients = new OpenClients(settings.CLIENT_PING_MS);
  const limits = new ClientLimits(settings.CONNECTIONS_PER_CLIENT);
  const metrics = createSubscriptionMetrics(options.registry, () => clients.bufferedBytes);
  const verifiesTokens = settings.AUTH_ISSUER !== undefined;
  const maxBuffered = settings.CLIENT_BUFFER_BYTES;
  const maxPending = settings.SUBSCRIPTION_PENDING_EVENTS;
  const feeds =
    executor && new Feeds({ executor, upstreams, changes, formatError, metrics, maxPending, tracing });
  const prepare = createPrepareOperation(apollo, feeds);
  const protocol = createProtocol({
    run: createRunOperation(prepare, formatError, admission, options.door, options.admit),
    tracing,
    initTimeout: settings.WEBSOCKET_INIT_TIMEOUT_MS,
    maxOperations: settings.OPERATIONS_PER_WEBSOCKET,
    metrics,
  });
  return {
    serveWebSockets: (server, path) =>
      serveWebSockets(server, {
        path,
        protocol,
        clients,
        limits,
        metrics,
        logger,
        maxBuffered,
        verifiesTokens,
        refusesConnection: () => admission?.refusesConnection() ?? false,
        maxMessage: settings.WEBSOCKET_MESSAGE_BYTES,
        authenticate: contextOptions.authenticate,
        cookieOwners: contextOptions.cookieOwners,
        propagatedNames: contextOptions.propagated,
        cors,
        addressOf: createUpgradeAddress(settings.TRUST_PROXY),
        hostOf: createUpgradeHost(settings.TRUST_PROXY),
      }),
    eventStreams: createEventStreamHandler({
      prepare,
      clients,
      limits,
      context,
      verifiesTokens,
      maxBuffered,
      metrics,
    }),
    adopt() {
      feeds?.adopt().catch((err: unknown) => logger.error({ err }, 'subscriptions could not be adopted'));
    },
    async close() {
      await clients.close(settings.SHUTDOWN_GRACE_MS);
      feeds?.close();
    },
  };
}
