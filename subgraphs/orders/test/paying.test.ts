import { afterEach, expect, it } from '@jest/globals';
import { StartupError } from '@tributary/platform';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';
import { readSettings as readOrdersSettings } from '../src/config.ts';
import { startOrders } from '../src/start.ts';
import { placeOrder, stepsOf } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import { WEBHOOK_SECRET } from './support/till.ts';

const SECRET = 'the key of tests';
const DEADLINE = 30_000; // 30 seconds

let shop: Shop | undefined;
let payments: TestPayments | undefined;
afterEach(async () => {
  await payments?.close();
  await shop?.close();
  shop = payments = undefined;
});

it('an order is paid by the subgraph’s own worker, told by a webhook', async () => {
  payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      PAYMENT_SECRET: SECRET,
      PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET,
      SETTLE_AFTER_MS: '50',
    }),
  );
  shop = await openShop({
    JOB_CONCURRENCY: '2',
    PAYMENT_URL: payments.url,
    PAYMENT_SECRET: SECRET,
    PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  payments.setWebhookUrl(new URL('/webhooks/payments', shop.subgraph.url).href);
  const { id } = await placeOrder(shop.prisma, 1);
  const end = Date.now() + DEADLINE;
  while ((await stepsOf(shop.prisma, id)).length < 2 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await stepsOf(shop.prisma, id)).toEqual(['>PENDING_PAYMENT', 'PENDING_PAYMENT>PAID']);
});

it.each([
  ['PAYMENT_SECRET', { PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET }],
  ['PAYMENT_WEBHOOK_SECRET', { PAYMENT_SECRET: SECRET }],
])('a provider needs %s', async (missing, others) => {
  const settings = readOrdersSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    ORDERS_DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere',
    PAYMENT_URL: 'http://127.0.0.1:1',
    ...others,
  });
  const failure = startOrders(settings);
  await expect(failure).rejects.toThrow(StartupError);
  await expect(failure).rejects.toThrow(`${missing}: is required with PAYMENT_URL`);
});
