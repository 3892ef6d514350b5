import {
  type Payment,
  type Plan,
  readSettings,
  startTestPayments,
  type TestPayments,
} from '@tributary/test-payments';
import { openShop, type Shop } from './shop.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** What the provider signs its webhooks with, in tests. */
export const WEBHOOK_SECRET = 'what webhooks are signed with in tests';
const SECRET = 'the key of tests';

/** A shop with a payment provider. */
export interface Till {
  shop: Shop;
  workshop: Workshop;
  payments: TestPayments;
  webhookUrl: string;
  /** Key that the provider knows us by. */
  secret: string;
  /** What becomes of the payments that are made from now on. */
  plan: Plan;
  /** The payment of an order, at the provider. @throws when it has not exactly one */
  paymentOf(orderId: string): Payment;
  /** Does all jobs and waits for the webhooks, until nothing is left to do. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openTill(): Promise<Till> {
  const shop = await openShop({ PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET });
  const webhookUrl = new URL('/webhooks/payments', shop.subgraph.url).href;
  const payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      PAYMENT_SECRET: SECRET,
      PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET,
      PAYMENT_WEBHOOK_URL: webhookUrl,
      SETTLE_AFTER_MS: '0',
    }),
    { behaviour: () => till.plan, retryDelays: [] },
  );
  const workshop = openWorkshop(shop, {
    settings: { PAYMENT_URL: payments.url, PAYMENT_SECRET: SECRET, PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET },
  });
  const till: Till = {
    shop,
    workshop,
    payments,
    webhookUrl,
    secret: SECRET,
    plan: {},
    paymentOf(orderId) {
      const [payment, ...others] = [...payments.payments.values()].filter(
        ({ reference }) => reference === orderId,
      );
      if (!payment || others.length > 0) throw new Error('there must be one payment');
      return payment;
    },
    async settle() {
      for (let round = 0; round < 3; round++) {
        await workshop.work();
        await payments.idle();
      }
      await workshop.work();
    },
    async close() {
      await workshop.close();
      await payments.close();
      await shop.close();
    },
  };
  return till;
}
