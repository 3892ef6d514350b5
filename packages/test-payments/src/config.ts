import { type Environment, flag, listenerSettings, loadConfig } from '@tributary/platform';
import { z } from 'zod';

const listener = listenerSettings({ port: 4020, adminPort: 4030 });

/** Every setting of the test payment provider, with its default. */
export const settingsSchema = z.object({
  ...listener,
  PORT: listener.PORT.describe('Port of the API and of the health checks'),
  PAYMENT_SECRET: z.string().describe('Key that clients have to know'),
  PAYMENT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe('Where webhooks are sent to. Without it, none are'),
  PAYMENT_WEBHOOK_SECRET: z.string().describe('Key that webhooks are signed with'),
  SETTLE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(500)
    .describe('Milliseconds that a payment is processing'),
  ALLOW_TEST_PAYMENTS: flag()
    .default(false)
    .describe('`true` lets it start in production, where it moves no money either'),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
