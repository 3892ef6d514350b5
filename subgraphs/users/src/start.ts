import { PrismaClient } from '@tributary/prisma/users/client';
import { auditLog, type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { publishKeys } from './http/jwks.ts';
import { createJobs } from './jobs/jobs.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { retentionOf } from './retention.ts';
import { createPeopleElsewhere } from './services/people-elsewhere.ts';
import { createServices } from './services/services.ts';
import { warnOfMissingKeys } from './services/session-services.ts';

/** The schema file, beside `src` and `dist` alike. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/**
 * Starts the users subgraph.
 *
 * @param portSettings - how messages about a taken port call the settings
 * @throws StartupError when a port is taken or a setting is missing
 */
export const startUsers = (
  settings: Settings,
  portSettings?: { port: string; adminPort: string },
): Promise<RunningSubgraph> =>
  startSubgraph<PrismaClient<'query'>, Context>({
    name: 'users',
    settings,
    portSettings,
    database: {
      url: settings.USERS_DATABASE_URL,
      directUrl: settings.USERS_DATABASE_DIRECT_URL,
      replicaUrls: settings.USERS_DATABASE_REPLICA_URLS,
      createClient: (options) => new PrismaClient(options),
    },
    schemaFile,
    resolvers,
    eventCatalogue: EVENT_CATALOGUE,
    assemble({ prisma, services: others, evictions, logger }) {
      warnOfMissingKeys(settings, logger);
      const services = createServices(prisma, evictions, settings);
      const elsewhere = createPeopleElsewhere(others, settings.PRIVACY_SUBGRAPHS);
      return {
        createContext: (request) => ({ ...request, ...services, loaders: createLoaders(prisma) }),
        jobs: createJobs(prisma, elsewhere, { exportDays: settings.EXPORT_RETENTION_DAYS }),
        partitions: [auditLog(settings.AUDIT_ARCHIVE_AFTER_MONTHS)],
        retention: retentionOf(settings),
        routes: (app) => publishKeys(app, settings.AUTH_SIGNING_KEYS),
      };
    },
  });
