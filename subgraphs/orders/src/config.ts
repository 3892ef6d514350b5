import { type Environment, loadConfig } from '@tributary/platform';
import { DIRECT_URL_HELP, databaseUrl, replicaUrls, subgraphSettings } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { retentionSettings } from './retention.ts';

const MAIL_FROM = /^(?:[^<>@"\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;
const httpUrl = () => z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

/** Every setting of the orders subgraph, with its default. */
export const settingsSchema = z.object({
  ...subgraphSettings({ port: 4003, adminPort: 4013 }),
  ORDERS_DATABASE_URL: databaseUrl().describe('PostgreSQL database of the orders subgraph'),
  ORDERS_DATABASE_DIRECT_URL: databaseUrl().optional().describe(DIRECT_URL_HELP),
  ORDERS_DATABASE_REPLICA_URLS: replicaUrls().describe(
    'Read replicas of that database, separated by commas; queries are answered from them. Needs `REDIS_URL`',
  ),
  PAYMENT_URL: httpUrl()
    .optional()
    .describe('Address of the payment provider’s API. Without it, staff says which orders are paid'),
  PAYMENT_SECRET: z.string().optional().describe('Key that the payment provider knows us by'),
  PAYMENT_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe('Key that the payment provider signs its webhooks with'),
  PAYMENT_TIMEOUT_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_080)
    .default(30)
    .describe('Minutes that a customer has for paying; then the order is cancelled'),
  ORDERS_ARCHIVE_AFTER_MONTHS: z.coerce
    .number()
    .int()
    .min(3, 'must be at least 3: nobody can change or see an archived order')
    .optional()
    .describe(
      'Whole months that orders stay before they go to the archive, where the graph does not see them. Without it, they stay',
    ),
  ...retentionSettings,
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' })
    .optional()
    .describe('Mail server for letters to customers. Without it, letters go to the log'),
  MAIL_FROM: z
    .string()
    .regex(MAIL_FROM, 'must be an e-mail address, or as in: Shop <orders@shop.example>')
    .default('Tributary <orders@tributary.localhost>')
    .describe('Who letters to customers are from'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws StartupError naming every setting that is missing or wrong */
export const readSettings = (env: Environment): Settings => loadConfig(settingsSchema, env);
