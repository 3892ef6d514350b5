import { type Environment, loadConfig } from '@tributary/platform';
import { subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** Every setting of the orders subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: 4003, adminPort: 4013 }),
  ORDERS_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' })
    .describe('PostgreSQL database of the orders subgraph'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
