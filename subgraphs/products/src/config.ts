import { type Environment, list, loadConfig } from '@tributary/platform';
import { DIRECT_URL_HELP, databaseUrl, replicaUrls, subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { retentionSettings } from './retention.ts';

/** Every setting of the products subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: 4002, adminPort: 4012 }),
  PRODUCTS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of the products subgraph'),
  PRODUCTS_DATABASE_DIRECT_URL: databaseUrl().optional().describe(DIRECT_URL_HELP),
  PRODUCTS_DATABASE_REPLICA_URLS: replicaUrls().describe(
    'Read replicas of that database, separated by commas; queries are answered from them. Needs `REDIS_URL`',
  ),
  ...retentionSettings,
  IMPORT_HOSTS: list()
    .prefault('')
    .describe(
      'Hosts that files of the catalogue may be fetched from, over HTTPS: `files.example.com,cdn.example.com:8443`. Without any, `productsImport` takes no `url`',
    ),
  IMPORT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(100_000_000)
    .describe('Largest file that is fetched for an import, in bytes'),
  IMPORT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(600_000)
    .describe('Milliseconds that fetching and importing one file may take'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
