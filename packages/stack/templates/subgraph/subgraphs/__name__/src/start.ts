import { PrismaClient } from '@tributary/prisma/__name__/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { retentionOf } from './retention.ts';
import { create__Type__Service } from './services/__file__.service.ts';

/** The schema file, beside `src` and `dist` alike. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/**
 * Starts the __name__ subgraph.
 *
 * @param portSettings - how messages about a taken port call the settings
 * @throws StartupError when a port is taken or a setting is missing
 */
export const start = (
  settings: Settings,
  portSettings?: { port: string; adminPort: string },
): Promise<RunningSubgraph> =>
  startSubgraph<PrismaClient<'query'>, Context>({
    name: '__name__',
    settings,
    portSettings,
    database: {
      url: settings.__SETTING___DATABASE_URL,
      directUrl: settings.__SETTING___DATABASE_DIRECT_URL,
      replicaUrls: settings.__SETTING___DATABASE_REPLICA_URLS,
      createClient: (options) => new PrismaClient(options),
    },
    schemaFile,
    resolvers,
    eventCatalogue: EVENT_CATALOGUE,
    assemble({ prisma }) {
      const __fields__ = create__Type__Service(prisma);
      return {
        createContext: (request) => ({ ...request, __fields__, loaders: createLoaders(prisma) }),
        retention: retentionOf(settings),
      };
    },
  });
