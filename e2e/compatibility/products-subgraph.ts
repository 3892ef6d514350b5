import { pathToFileURL } from 'node:url';
import { PrismaClient } from '@tributary/prisma/users/client';
import { type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import { fileOfSuite } from './suite.ts';

interface User {
  email: string;
  totalProductsCreated?: number;
  yearsOfEmployment?: number;
}

interface Product {
  id: string;
  sku: string;
  package: string;
  variation: { id: string };
}

/** The data that Apollo's tests ask for. */
const CREATOR: User = { email: 'support@apollographql.com', totalProductsCreated: 1337 };
const DEPRECATED = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: CREATOR,
};
const RESEARCH = [
  { study: { caseNumber: '1234', description: 'Federation Study' } },
  { study: { caseNumber: '1235', description: 'Studio Study' } },
];
const product = (name: string, packageName: string, variation: string, research: object) => ({
  id: `apollo-${name}`,
  sku: name,
  package: packageName,
  variation: { id: variation },
  dimensions: { size: 'small', weight: 1, unit: 'kg' },
  createdBy: CREATOR,
  research: [research],
});
const PRODUCTS = [
  product('federation', '@apollo/federation', 'OSS', RESEARCH[0] as object),
  product('studio', '', 'platform', RESEARCH[1] as object),
];

const isDeprecated = (of: { sku: string; package: string }) =>
  of.sku === DEPRECATED.sku && of.package === DEPRECATED.package;

/** By any of the three keys. */
const findProduct = (of: Partial<Product>) =>
  PRODUCTS.find(
    ({ id, sku, package: name, variation }) =>
      id === of.id || (sku === of.sku && (name === of.package || variation.id === of.variation?.id)),
  ) ?? null;

const resolvers = {
  Query: {
    product: (_query: unknown, { id }: { id: string }) => findProduct({ id }),
    deprecatedProduct: (_query: unknown, of: { sku: string; package: string }) =>
      isDeprecated(of) ? DEPRECATED : null,
  },
  Product: { __resolveReference: findProduct },
  DeprecatedProduct: {
    __resolveReference: (of: { sku: string; package: string }) => (isDeprecated(of) ? DEPRECATED : null),
  },
  ProductResearch: {
    __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
      RESEARCH.find((research) => research.study.caseNumber === study.caseNumber) ?? null,
  },
  User: {
    __resolveReference: (of: User) => (of.email === CREATOR.email ? { ...CREATOR, ...of } : null),
    name: () => 'Jane Smith',
    averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }: User) =>
      totalProductsCreated && yearsOfEmployment ? Math.round(totalProductsCreated / yearsOfEmployment) : null,
  },
  Inventory: { deprecatedProducts: () => [DEPRECATED] },
};

/** The schema of Apollo's tests, served by our kit. @param databaseUrl - of any PostgreSQL: it is asked nothing */
export const startProducts = (databaseUrl: string): Promise<RunningSubgraph> =>
  startSubgraph({
    name: 'products',
    settings: {
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 0,
      ADMIN_PORT: 0,
      LOG_LEVEL: 'silent',
      OPERATION_LOG_LEVEL: 'debug',
      SLOW_OPERATION_MS: 0,
      SHUTDOWN_GRACE_MS: 1_000,
      DATABASE_POOL_SIZE: 1,
      DATABASE_REPLICA_MAX_LAG_MS: 2_000,
      SUBGRAPH_URLS: new Map(),
      JOB_CONCURRENCY: 0,
      SUBGRAPH_MAX_BODY_BYTES: 1_000_000,
      SUBGRAPH_MAX_TOKENS: 15_000,
      SUBGRAPH_MAX_DEPTH: 100,
      SUBSCRIPTIONS_PER_CONNECTION: 10,
      OTEL_TRACES_SAMPLER_ARG: 0,
      OTEL_BSP_SCHEDULE_DELAY: 5_000,
    },
    database: { url: databaseUrl, createClient: (options) => new PrismaClient(options) },
    schemaFile: pathToFileURL(fileOfSuite('products.graphql')),
    resolvers,
    assemble: () => ({ createContext: (request) => request }),
  });
