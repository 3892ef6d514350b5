import { type Environment, loadConfig } from '@tributary/platform';
import { DIRECT_URL_HELP, databaseUrl, replicaUrls, subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** Every setting of the __name__ subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: __PORT__, adminPort: __ADMIN_PORT__ }),
  __SETTING___DATABASE_URL: databaseUrl().describe('PostgreSQL database of the __name__ subgraph'),
  __SETTING___DATABASE_DIRECT_URL: databaseUrl().optional().describe(DIRECT_URL_HELP),
  __SETTING___DATABASE_REPLICA_URLS: replicaUrls().describe(
    'Read replicas of that database, separated by commas; queries are answered from them. Needs `REDIS_URL`',
  ),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
