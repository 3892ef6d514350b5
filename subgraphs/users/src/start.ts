import { PrismaClient } from '@tributary/prisma/users/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { publishKeys } from './http/jwks.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { createUserService } from './services/user.service.ts';

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
    database: { url: settings.USERS_DATABASE_URL, createClient: (options) => new PrismaClient(options) },
    schemaFile,
    resolvers,
    createContext(prisma) {
      const users = createUserService(prisma);
      return (request) => ({ ...request, users, loaders: createLoaders(prisma) });
    },
    routes: (app) => publishKeys(app, settings.AUTH_SIGNING_KEYS),
  });
