import { type Environment, loadConfig } from '@tributary/platform';
import { subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** Every setting of the products subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: 4002, adminPort: 4012 }),
  PRODUCTS_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' })
    .describe('PostgreSQL database of the products subgraph'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
