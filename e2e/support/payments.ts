import type { Environment } from '@tributary/platform';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';

const SECRETS = { PAYMENT_SECRET: 'a secret', PAYMENT_WEBHOOK_SECRET: 'another secret' };

/** A payment provider whose payments all succeed. */
export interface Payments extends TestPayments {
  /** Settings of the orders subgraph that uses it. */
  env: Environment;
  /** Has it tell an orders subgraph of what happened. @param url - of its GraphQL */
  notify(url: string): void;
}

/** Starts one. */
export async function startPayments(): Promise<Payments> {
  const payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PORT: '0',
      SETTLE_AFTER_MS: '0',
      ...SECRETS,
    }),
    { behaviour: () => ({ outcome: 'succeed' }) },
  );
  return {
    ...payments,
    env: { PAYMENT_URL: payments.url, ...SECRETS },
    notify: (url) => payments.setWebhookUrl(new URL('/webhooks/payments', url).href),
  };
}
