import {
  type Payment,
  readSettings,
  startTestPayments,
  type TestPayments,
  type TestPaymentsOptions,
} from '../../src/index.ts';
import { type Receiver, startReceiver } from './receiver.ts';

export const SECRET = 'sk_of_this_test';
export const WEBHOOK_SECRET = 'whsec_of_this_test';

/** What the API answered. */
export interface Answer {
  status: number;
  payment: Payment;
  data: Payment[];
  error: { code: string; message: string; field?: string };
}

export interface Harness {
  provider: TestPayments;
  receiver: Receiver;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** @param key - the idempotency key; another one for each request when left out, none when null */
  post(path: string, body?: unknown, key?: string | null): Promise<Answer>;
  /** Makes a payment, and says that it was made. */
  pay(fields?: Record<string, unknown>): Promise<Payment>;
  close(): Promise<void>;
}

export const ORDER = { amount: 1_999, currency: 'EUR', reference: 'order-1' };

let keys = 0;

/** Starts a provider that settles at once and tries again at once, with somebody who wants its webhooks. */
export async function startHarness(
  options: TestPaymentsOptions = {},
  env: Record<string, string> = {},
): Promise<Harness> {
  const receiver = await startReceiver();
  const settings = readSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    ADMIN_PORT: '0',
    PAYMENT_SECRET: SECRET,
    PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET,
    PAYMENT_WEBHOOK_URL: receiver.url,
    SETTLE_AFTER_MS: '0',
    ...env,
  });
  const provider = await startTestPayments(settings, { retryDelays: [0, 0, 0, 0], ...options }).catch(
    async (error: unknown) => {
      await receiver.close();
      throw error;
    },
  );

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${provider.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${SECRET}`, ...(init.headers as Record<string, string>) },
    });
    const json = (await response.json()) as Payment & Pick<Answer, 'data' | 'error'>;
    return { status: response.status, payment: json, data: json.data, error: json.error };
  }
  const post = (path: string, body?: unknown, key?: string | null) =>
    send(path, {
      method: 'POST',
      headers: {
        ...(key !== null && { 'idempotency-key': key ?? `key-${++keys}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    provider,
    receiver,
    get: (path, headers = {}) => send(path, { headers }),
    post,
    async pay(fields = {}) {
      const { status, payment } = await post('/v1/payments', { ...ORDER, ...fields });
      if (status !== 201) throw new Error(`HTTP ${status}: ${JSON.stringify(payment)}`);
      return payment;
    },
    async close() {
      await provider.close();
      await receiver.close();
    },
  };
}

/** Payments end when the test says so. */
export const never = () => ({ outcome: 'never' }) as const;
