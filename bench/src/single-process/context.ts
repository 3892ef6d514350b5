import {
  createOrderService,
  createLoaders as createOrdersLoaders,
  type Context as OrdersContext,
} from '@tributary/orders/parts';
import { Registry } from '@tributary/platform';
import { PrismaClient as OrdersClient } from '@tributary/prisma/orders/client';
import { PrismaClient as ProductsClient } from '@tributary/prisma/products/client';
import { PrismaClient as UsersClient } from '@tributary/prisma/users/client';
import {
  createCategoryService,
  createProductService,
  createLoaders as createProductsLoaders,
  type Context as ProductsContext,
} from '@tributary/products/parts';
import { connectDatabase, type Executor, type RequestContext } from '@tributary/subgraph-kit';
import {
  createUserService,
  createLoaders as createUsersLoaders,
  type Context as UsersContext,
} from '@tributary/users/parts';
import type { Settings } from './config.ts';

/** What resolvers that read need of a subgraph's context. */
type Reading<Own, Service extends keyof Own> = RequestContext & Pick<Own, Service>;

/** What resolvers work with: a request, and the context that each subgraph would have made of it. */
export interface Context extends RequestContext {
  users: Reading<UsersContext, 'loaders' | 'users'>;
  products: Reading<ProductsContext, 'loaders' | 'products' | 'categories'>;
  orders: Reading<OrdersContext, 'loaders' | 'orders'>;
}

/** The databases, and what is made of them for each request. */
export interface Backend {
  /** @param request - makes what is known of a request; reads by staff are written down with the executor */
  createContext(request: (executor: Executor) => RequestContext): Context;
  /** SQL statements sent so far. */
  countStatements(): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects the three databases, each with the pool that its subgraph would have. */
export function createBackend(settings: Settings): Backend {
  const registries = { users: new Registry(), products: new Registry(), orders: new Registry() };
  const poolSize = settings.DATABASE_POOL_SIZE;
  const users = connectDatabase({
    url: settings.USERS_DATABASE_URL,
    poolSize,
    metrics: registries.users,
    createClient: (options) => new UsersClient(options),
  });
  const products = connectDatabase({
    url: settings.PRODUCTS_DATABASE_URL,
    poolSize,
    metrics: registries.products,
    createClient: (options) => new ProductsClient(options),
  });
  const orders = connectDatabase({
    url: settings.ORDERS_DATABASE_URL,
    poolSize,
    metrics: registries.orders,
    createClient: (options) => new OrdersClient(options),
  });
  const services = {
    users: createUserService(users.prisma),
    products: createProductService(products.prisma),
    categories: createCategoryService(products.prisma),
    orders: createOrderService(orders.prisma),
  };
  const databases = [users, products, orders];
  return {
    createContext: (request) => ({
      ...request(users.prisma),
      users: {
        ...request(users.prisma),
        users: services.users,
        loaders: createUsersLoaders(users.prisma),
      },
      products: {
        ...request(products.prisma),
        products: services.products,
        categories: services.categories,
        loaders: createProductsLoaders(products.prisma),
      },
      orders: {
        ...request(orders.prisma),
        orders: services.orders,
        loaders: createOrdersLoaders(orders.prisma),
      },
    }),
    async countStatements() {
      const counts = await Promise.all(
        Object.values(registries).map(async (registry) => {
          const counter = await registry.getSingleMetric('db_statements_total')?.get();
          return counter?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
        }),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    ping: async () => void (await Promise.all(databases.map((database) => database.ping()))),
    close: async () => void (await Promise.all(databases.map((database) => database.close()))),
  };
}
