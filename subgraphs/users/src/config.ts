import { type Environment, list, loadConfig, type SigningKey } from '@tributary/platform';
import { DIRECT_URL_HELP, databaseUrl, replicaUrls, subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { retentionSettings } from './retention.ts';
import { signInSettings } from './sign-in-settings.ts';

/** Every setting of the users subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: 4001, adminPort: 4011 }),
  USERS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of the users subgraph'),
  USERS_DATABASE_DIRECT_URL: databaseUrl().optional().describe(DIRECT_URL_HELP),
  USERS_DATABASE_REPLICA_URLS: replicaUrls().describe(
    'Read replicas of that database, separated by commas; queries are answered from them. Needs `REDIS_URL`',
  ),
  PRIVACY_SUBGRAPHS: list()
    .prefault('orders')
    .describe('The other subgraphs that hold data on people: asked for it, and to erase it'),
  ...signInSettings,
  ...retentionSettings,
  AUTH_SIGNING_KEYS: z
    .string()
    .transform(parseSigningKeys)
    .prefault('[]')
    .describe(
      'Private keys that sign access tokens, the newest first: a JSON array of JSON Web Keys (ES256, each with a `kid`)',
    ),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);

const privateKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string(),
  d: z.string(),
});

function parseSigningKeys(text: string, context: z.RefinementCtx): SigningKey[] {
  try {
    return z.array(privateKey).parse(JSON.parse(text));
  } catch {
    // What is wrong is not said: the message would show parts of a key.
    context.addIssue({
      code: 'custom',
      message: 'must be a JSON array of private EC P-256 keys, each with a kid',
    });
    return z.NEVER;
  }
}
