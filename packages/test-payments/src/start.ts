import {
  createHttpService,
  createLogger,
  createMetrics,
  type HttpServiceOptions,
  StartupError,
  shutdownTimes,
} from '@tributary/platform';
import type { Settings } from './config.ts';
import { Outage } from './http/outage.ts';
import { serveApi } from './http/routes.ts';
import { type Behaviour, defaultBehaviour, type WebhookMode } from './payments/behaviour.ts';
import { Ledger } from './payments/ledger.ts';
import { endingOf, Settlement } from './payments/settlement.ts';
import type { TestPayments } from './test-payments.ts';
import { Deliveries } from './webhooks/deliveries.ts';
import { WebhookClient } from './webhooks/webhook-client.ts';
import { Work } from './work.ts';

/** How a test steers the provider from the start. */
export interface TestPaymentsOptions {
  /** What becomes of each payment. @default all succeed but those whose amount ends in 0402 */
  behaviour?: Behaviour;
  /**
   * Milliseconds before each further try to deliver a webhook; there is one try more than there are pauses.
   * @default [500, 2000, 8000, 32000]
   */
  retryDelays?: readonly number[];
  /** Milliseconds for the answer to a webhook. @default 5000 */
  webhookTimeoutMs?: number;
  /** How messages about a taken port call the settings. */
  portSettings?: NonNullable<HttpServiceOptions['portSettings']>;
}

const RETRY_DELAYS = [500, 2_000, 8_000, 32_000]; // ms
const WEBHOOK_TIMEOUT = 5_000; // 5 seconds
const BODY_LIMIT = 65_536; // bytes

/**
 * Starts a payment provider for development and tests: the shape of a real one, over HTTP, without any money. It
 * forgets everything when it ends.
 *
 * A payment is answered as `processing` and succeeds `SETTLE_AFTER_MS` later, which a signed webhook tells. To see
 * one fail, pay an amount whose last four digits are 0402, such as 4.02 or 104.02.
 *
 * @throws StartupError in production, unless ALLOW_TEST_PAYMENTS says so; when a port is taken
 */
export async function startTestPayments(
  settings: Settings,
  options: TestPaymentsOptions = {},
): Promise<TestPayments> {
  if (settings.NODE_ENV === 'production' && !settings.ALLOW_TEST_PAYMENTS) {
    throw new StartupError(
      'ALLOW_TEST_PAYMENTS: must be true in production, as this payment provider moves no money',
    );
  }
  const { behaviour = defaultBehaviour, retryDelays = RETRY_DELAYS } = options;
  const logger = createLogger({ name: 'test-payments', ...settings });
  const work = new Work();
  const client = new WebhookClient({
    url: settings.PAYMENT_WEBHOOK_URL,
    secret: settings.PAYMENT_WEBHOOK_SECRET,
    timeout: options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT,
  });
  const deliveries = new Deliveries({ client, retryDelays, work, logger });
  const outage = new Outage();
  const modes = new Map<string, WebhookMode>();
  const ledger = new Ledger(
    (payment) => {
      const plan = behaviour(payment);
      modes.set(payment.id, plan.webhooks ?? 'once');
      settlement.plan(payment.id, plan);
    },
    (event) => {
      const { id } = event.data.payment;
      settlement.forget(id);
      deliveries.dispatch(event, modes.get(id) ?? 'once');
    },
  );
  const settlement = new Settlement(work, settings.SETTLE_AFTER_MS, (id, ending) =>
    ledger.settle(id, ending),
  );

  const http = createHttpService({
    ...settings,
    logger,
    metrics: createMetrics('test-payments'),
    ...(options.portSettings && { portSettings: options.portSettings }),
    fastify: { bodyLimit: BODY_LIMIT },
  });
  serveApi(http.app, { ledger, outage, secret: settings.PAYMENT_SECRET });
  const { url, adminUrl } = await http.listen();
  logger.info({ url }, 'test payment provider is ready');

  const eventsOf = (eventId: string) => {
    const event = ledger.events.find(({ id }) => id === eventId);
    if (!event) throw new Error(`there is no event ${eventId}`);
    return [event];
  };
  return {
    url,
    adminUrl,
    logger,
    ...shutdownTimes(settings),
    drain: () => http.drain(),
    payments: ledger.payments,
    events: ledger.events,
    attempts: deliveries.attempts,
    settle: (paymentId, outcome, failureReason) => ledger.settle(paymentId, endingOf(outcome, failureReason)),
    deliver: async (eventId) =>
      deliveries.deliver(eventId === undefined ? deliveries.waiting : eventsOf(eventId)),
    hold: () => deliveries.hold(),
    release: () => deliveries.release(),
    failNextRequests: (requests, fault) => outage.failNext(requests, fault),
    setWebhookUrl: (webhookUrl) => {
      client.url = webhookUrl;
    },
    idle: () => work.idle(),
    async close() {
      http.drain();
      outage.close();
      await http.close();
      settlement.close();
      client.close();
      await work.idle();
    },
  };
}
