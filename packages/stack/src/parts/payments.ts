import { randomBytes } from 'node:crypto';
import type { Environment } from '@tributary/platform';
import { readSettings, startTestPayments } from '@tributary/test-payments';

/** Path of the route at which the orders subgraph is told about payments. */
const WEBHOOK_PATH = '/webhooks/payments';

/** The payment provider that a stack uses. */
export interface LocalPayments {
  /** What the orders subgraph has to know of it. */
  env: Environment;
  /** Which provider it is, for people. */
  description: string;
  /** Has the provider tell a subgraph about payments. @param subgraphUrl - its GraphQL address */
  notify(subgraphUrl: string): void;
  /** Ends the provider, where it was started here. */
  stop(): Promise<void>;
}

/**
 * Uses the provider of `PAYMENT_URL`, or starts the test provider, which forgets everything when it ends.
 *
 * @param env - `PAYMENTS_PORT` and `PAYMENTS_ADMIN_PORT` say where it listens
 * @throws StartupError when a port is taken
 */
export async function openPayments(env: Environment): Promise<LocalPayments> {
  if (env.PAYMENT_URL) {
    return { env: {}, description: 'by PAYMENT_URL', notify: () => undefined, stop: async () => undefined };
  }
  const secrets = {
    PAYMENT_SECRET: randomBytes(24).toString('base64url'),
    PAYMENT_WEBHOOK_SECRET: randomBytes(32).toString('base64url'),
  };
  const settings = readSettings({
    LOG_LEVEL: 'warn',
    ...env,
    ...secrets,
    PORT: env.PAYMENTS_PORT ?? '0',
    ADMIN_PORT: env.PAYMENTS_ADMIN_PORT ?? '0',
  });
  const provider = await startTestPayments(settings, {
    portSettings: { port: 'PAYMENTS_PORT', adminPort: 'PAYMENTS_ADMIN_PORT' },
  });
  return {
    env: { ...secrets, PAYMENT_URL: provider.url },
    description: `test provider at ${provider.url}: all pay, but those of an amount that ends in 0402`,
    notify: (subgraphUrl) => provider.setWebhookUrl(new URL(WEBHOOK_PATH, subgraphUrl).href),
    stop: provider.close,
  };
}
