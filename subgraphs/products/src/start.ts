import { PrismaClient } from '@tributary/prisma/products/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import type { Context } from './context.ts';
import { createLoaders } from './loaders/loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';
import { createCategoryService } from './services/category.service.ts';
import { createProductService } from './services/product.service.ts';

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
    database: { url: settings.PRODUCTS_DATABASE_URL, createClient: (options) => new PrismaClient(options) },
    schemaFile,
    resolvers,
    createContext(prisma) {
      const services = { products: createProductService(prisma), categories: createCategoryService(prisma) };
      return (request) => ({ ...request, ...services, loaders: createLoaders(prisma) });
    },
  });
