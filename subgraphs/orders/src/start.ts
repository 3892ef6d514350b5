import { PrismaClient } from '@tributary/prisma/orders/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { createOrderService } from './services/order.service.ts';

/** The schema file, beside `src` and `dist` alike. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/**
 * Starts the orders subgraph.
 *
 * @param portSettings - how messages about a taken port call the settings
 * @throws StartupError when a port is taken or a setting is missing
 */
export const startOrders = (
  settings: Settings,
  portSettings?: { port: string; adminPort: string },
): Promise<RunningSubgraph> =>
  startSubgraph<PrismaClient<'query'>, Context>({
    name: 'orders',
    settings,
    portSettings,
    database: { url: settings.ORDERS_DATABASE_URL, createClient: (options) => new PrismaClient(options) },
    schemaFile,
    resolvers,
    createContext(prisma) {
      const orders = createOrderService(prisma);
      return (request) => ({ ...request, orders, loaders: createLoaders(prisma) });
    },
  });
