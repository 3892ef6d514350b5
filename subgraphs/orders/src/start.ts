import type { HeartbeatOptions } from '@tributary/jobs';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { createJobs } from './jobs/jobs.ts';
import { createLoaders } from './loaders/loaders.ts';
import { createOutside } from './outside.ts';
import { partitionsOf } from './partitions.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { retentionOf } from './retention.ts';
import { servePaymentWebhook } from './routes/payment-webhook.ts';
import { createServices, type ServicesOptions } from './services/services.ts';

/** The schema file, beside `src` and `dist` alike. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/** What tests change that have the process die and others go on. */
export interface DyingOptions {
  /** Passed between the steps of placing an order. */
  checkpoint?: ServicesOptions['checkpoint'];
  /** How soon a dead process's jobs are taken up. */
  heartbeat?: HeartbeatOptions;
}

/**
 * Starts the orders subgraph.
 *
 * @param portSettings - how messages about a taken port call the settings
 * @throws StartupError when a port is taken or a setting is missing
 */
export const startOrders = (
  settings: Settings,
  portSettings?: { port: string; adminPort: string },
  { checkpoint, heartbeat }: DyingOptions = {},
): Promise<RunningSubgraph> =>
  startSubgraph<PrismaClient<'query'>, Context>({
    name: 'orders',
    settings,
    portSettings,
    database: {
      url: settings.ORDERS_DATABASE_URL,
      directUrl: settings.ORDERS_DATABASE_DIRECT_URL,
      replicaUrls: settings.ORDERS_DATABASE_REPLICA_URLS,
      createClient: (options) => new PrismaClient(options),
    },
    schemaFile,
    resolvers,
    eventCatalogue: EVENT_CATALOGUE,
    assemble({ prisma, services: others, events, evictions, logger }) {
      const services = createServices({ prisma, services: others, events, evictions, logger, checkpoint });
      const outside = createOutside(settings, logger);
      return {
        createContext: (request) => ({ ...request, ...services, loaders: createLoaders(prisma) }),
        jobs: {
          ...createJobs({
            prisma,
            services: others,
            outside,
            events,
            evictions,
            paymentTimeoutMinutes: settings.PAYMENT_TIMEOUT_MINUTES,
            logger,
          }),
          heartbeat,
        },
        partitions: partitionsOf(settings),
        retention: retentionOf(settings),
        routes: (app) =>
          servePaymentWebhook(app, { prisma, secret: settings.PAYMENT_WEBHOOK_SECRET, logger }),
      };
    },
  });
