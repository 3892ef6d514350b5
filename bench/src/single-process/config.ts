import { type Environment, listenerSettings, loadConfig } from '@tributary/platform';
import { z } from 'zod';

const databaseUrl = () => z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' });

/** The settings of the single-process server. */
export const settingsSchema = z.object({
  ...listenerSettings({ port: 4100, adminPort: 4110 }),
  USERS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of users'),
  PRODUCTS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of products'),
  ORDERS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of orders'),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Connections to PostgreSQL, for each database'),
  AUTH_KEY_SET: z
    .string()
    .transform((text) =>
      z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(JSON.parse(text)),
    )
    .describe('Public keys that access tokens are verified with: a JSON Web Key Set (RFC 7517)'),
  AUTH_ISSUER: z.string().describe('The `iss` that an access token must have'),
  AUTH_AUDIENCE: z.string().describe('The `aud` that an access token must have'),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
