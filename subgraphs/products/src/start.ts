import { PrismaClient } from '@tributary/prisma/products/client';
import { auditLog, type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { createJobs } from './jobs/jobs.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { retentionOf } from './retention.ts';
import { createServices } from './services/services.ts';

/** The schema file, beside `src` and `dist` alike. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/**
 * Starts the products subgraph.
 *
 * @param portSettings - how messages about a taken port call the settings
 * @throws StartupError when a port is taken or a setting is missing
 */
export const startProducts = (
  settings: Settings,
  portSettings?: { port: string; adminPort: string },
): Promise<RunningSubgraph> =>
  startSubgraph<PrismaClient<'query'>, Context>({
    name: 'products',
    settings,
    portSettings,
    database: {
      url: settings.PRODUCTS_DATABASE_URL,
      directUrl: settings.PRODUCTS_DATABASE_DIRECT_URL,
      replicaUrls: settings.PRODUCTS_DATABASE_REPLICA_URLS,
      createClient: (options) => new PrismaClient(options),
    },
    schemaFile,
    resolvers,
    eventCatalogue: EVENT_CATALOGUE,
    assemble({ prisma, events, evictions, invalidator }) {
      const services = createServices(prisma, events, evictions, {
        hosts: settings.IMPORT_HOSTS,
        maxBytes: settings.IMPORT_MAX_BYTES,
        timeout: settings.IMPORT_TIMEOUT_MS,
      });
      return {
        createContext: (request) => ({ ...request, ...services, loaders: createLoaders(prisma) }),
        jobs: createJobs(services, events, invalidator),
        partitions: [auditLog(settings.AUDIT_ARCHIVE_AFTER_MONTHS)],
        retention: retentionOf(settings),
      };
    },
  });
