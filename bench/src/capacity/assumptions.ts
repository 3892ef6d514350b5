import { z } from 'zod';

const positive = z.number().positive();
const share = z.number().positive().max(1);

/** What was not measured, each with its reason in `bench/capacity/assumptions.yaml`. */
export const assumptionsSchema = z.strictObject({
  utilisation: share.describe('Share of a process, a machine or a link that may be used'),
  zones: z.number().int().min(1).describe('Zones that processes are spread over'),
  pool_size: positive.describe('DATABASE_POOL_SIZE: connections of one subgraph process'),
  statement_ms: positive.describe('Time of a statement, the way to the database included, milliseconds'),
  listeners_per_gateway: positive.describe('Listeners that one gateway process holds'),
  headers_bytes: positive.describe('Headers and framing of a request and its answer, bytes'),
  inner_bytes_factor: positive.describe('Bytes between gateway and subgraphs for a byte to the client'),
  postgres: z.strictObject({
    cores: positive.describe('vCPUs of the largest server that one would rent'),
    memory_gb: positive.describe('Its memory, GB'),
    wal_mb_per_second: positive.describe('Write-ahead log that one primary writes, MB/s'),
    max_connections: positive.describe('max_connections'),
    standbys: z.number().int().min(0).describe('Servers that stand by for each primary'),
    months_kept: positive.describe('Months of orders that the databases hold'),
  }),
  redis: z.strictObject({
    operations_per_second: positive.describe('Commands that one server executes on its one thread'),
    memory_gb: positive.describe('Memory of one server, GB'),
    per_lookup: positive.describe('Commands for an answer that is looked up'),
    per_miss: positive.describe('Further commands to keep an answer that was not there'),
    per_order: positive.describe('Commands of an order: invalidations and events'),
    per_operation: positive.describe('Commands of an operation for its rate limits'),
    hot_answers: positive.describe('Answers that are kept at once'),
    overhead: positive.describe('Bytes in Redis for a byte of an answer'),
  }),
  nic_gbit: positive.describe('Network of a machine that balances load, Gbit/s'),
});

/** What was not measured. */
export type Assumptions = z.infer<typeof assumptionsSchema>;

/** What things cost, in the currency of the file; `bench/capacity/prices.yaml` has examples. */
export const pricesSchema = z.strictObject({
  currency: z.string().min(1).describe('What the figures are in'),
  as_of: z.string().min(1).describe('When and where from'),
  vcpu_hour: z.number().nonnegative().describe('A vCPU of a machine for an hour'),
  gb_hour: z.number().nonnegative().describe('A GB of its memory for an hour'),
  postgres_vcpu_hour: z.number().nonnegative().describe('A vCPU of a database server for an hour'),
  postgres_gb_hour: z.number().nonnegative().describe('A GB of its memory for an hour'),
  storage_gb_month: z.number().nonnegative().describe('A GB of database storage for a month'),
  redis_server_hour: z.number().nonnegative().describe('A Redis server for an hour, without its memory'),
  redis_gb_hour: z.number().nonnegative().describe('A GB of a Redis server for an hour'),
  egress_gb: z.number().nonnegative().describe('A GB from the gateways to the internet or the CDN'),
  cdn_gb: z.number().nonnegative().describe('A GB from the CDN to clients'),
  cdn_million_requests: z.number().nonnegative().describe('A million requests to the CDN'),
});

/** What things cost. */
export type Prices = z.infer<typeof pricesSchema>;
