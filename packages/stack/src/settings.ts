import { type Environment, loadConfig, port, redisUrl, serviceSettings } from '@tributary/platform';
import { z } from 'zod';

/** Settings of `npm start` and `npm run dev`, beside those of the services, which they hand on. */
export const stackSettings = z.object({
  ...serviceSettings,
  LOG_LEVEL: serviceSettings.LOG_LEVEL.default('warn').describe('Least severe level that is logged'),
  PORT: port().default(4000).describe('Port of the gateway'),
  ADMIN_PORT: port().default(4010).describe('Port of the gateway’s `/metrics`'),
  SEED_SCALE: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('Size of the demo shop that an empty database is filled with; 0 for none'),
  PAYMENT_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe('Payment provider of the orders subgraph; a test provider is started when unset'),
  PAYMENTS_PORT: port().default(0).describe('Port of the test payment provider; 0 for any free one'),
  PAYMENTS_ADMIN_PORT: port().default(0).describe('Port of its `/metrics`; 0 for any free one'),
  REDIS_URL: redisUrl()
    .optional()
    .describe('Redis for cache and events; a `redis-server` on the PATH is started when unset'),
});

export type StackSettings = Readonly<z.infer<typeof stackSettings>>;

/** @throws StartupError naming every setting that is wrong */
export const readStackSettings = (env: Environment): StackSettings => loadConfig(stackSettings, env);
