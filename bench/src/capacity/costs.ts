import { z } from 'zod';

const figure = z.number().nonnegative();

const serviceCost = z.strictObject({
  cpuMs: figure.describe('CPU time for one operation, milliseconds, user and system'),
  rssMB: figure.describe('Resident memory of the process under that load, megabytes'),
  statements: figure.describe('SQL statements for one operation'),
});

const operationCost = z.strictObject({
  services: z.strictObject({
    gateway: serviceCost,
    users: serviceCost,
    products: serviceCost,
    orders: serviceCost,
  }),
  postgresCpuMs: figure.describe(
    'CPU time of PostgreSQL for one operation, milliseconds, all databases together',
  ),
  walBytes: figure.describe('Write-ahead log for one operation, bytes, all databases together'),
  storageBytes: figure.describe('How much larger the databases are after one operation, bytes'),
  requestBytes: figure.describe('Body of the request, bytes'),
  answerBytes: figure.describe('Body of the answer, bytes, not compressed'),
});

/** What operations cost as it was measured; `bench/capacity/costs.json` is one. */
export const costsSchema = z.strictObject({
  measured: z.strictObject({
    date: z.string().describe('When'),
    command: z.string().describe('What was run'),
    machine: z.string().describe('Where, and what else went on there'),
  }),
  operations: z.strictObject({ productPage: operationCost, crossing: operationCost, order: operationCost }),
  hits: z.strictObject({
    memoryCpuMs: figure.describe('Gateway’s CPU for an answer that its memory holds, milliseconds'),
    redisCpuMs: figure.describe('Gateway’s CPU for an answer that Redis holds, milliseconds'),
  }),
  subscriptions: z.strictObject({
    listenerKB: figure.describe('Gateway’s memory for one listener, kilobytes'),
    messageCpuMs: figure.describe('Gateway’s CPU for one message to one listener, milliseconds'),
  }),
});

/** What operations cost as it was measured. */
export type Costs = z.infer<typeof costsSchema>;
/** What one operation costs. */
export type OperationCost = z.infer<typeof operationCost>;
/** Operations whose costs were measured. */
export type OperationName = keyof Costs['operations'];

/** Our processes. */
export const SERVICES = ['gateway', 'users', 'products', 'orders'] as const;
/** One of our processes. */
export type ServiceName = (typeof SERVICES)[number];
