import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';
import { createHttpPaymentProvider } from '../src/services/payments/http-payment-provider.ts';
import { type PaymentProvider, PaymentProviderError } from '../src/services/payments/payment-provider.ts';

const SECRET = 'the key of tests';

let payments: TestPayments;
let provider: PaymentProvider;
beforeAll(async () => {
  payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      PAYMENT_SECRET: SECRET,
      PAYMENT_WEBHOOK_SECRET: 'unused',
    }),
    { behaviour: () => ({ outcome: 'never' }) },
  );
  provider = createHttpPaymentProvider({ url: payments.url, secret: SECRET, timeout: 200 });
});
afterAll(() => payments?.close());

const request = () => ({ reference: randomUUID(), amountMinor: 1050n, currency: 'EUR' as const });

/** What a call that cannot be answered is refused with. */
async function failureOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PaymentProviderError)) throw new Error('it was answered');
  return error;
}

describe('the provider', () => {
  it('makes a payment once for a key, and finds it', async () => {
    const asked = request();
    const made = await provider.create(asked, asked.reference);
    expect(made).toEqual({
      ...asked,
      id: expect.any(String),
      status: 'open',
      refundedMinor: 0n,
      failureReason: null,
    });
    expect(await provider.create(asked, asked.reference)).toEqual(made);
    expect(await provider.get(made.id)).toEqual(made);
    expect(await provider.findByReference(asked.reference)).toEqual(made);
    expect(await provider.findByReference(randomUUID())).toBeNull();
  });

  it('says how a payment failed', async () => {
    const { id } = await provider.create(request(), randomUUID());
    payments.settle(id, 'fail', 'expired_card');
    expect(await provider.get(id)).toMatchObject({ status: 'failed', failureReason: 'expired_card' });
  });

  it('cancels what is open, and says how the rest ended', async () => {
    const { id } = await provider.create(request(), randomUUID());
    expect((await provider.cancel(id)).status).toBe('cancelled');
    expect((await provider.cancel(id)).status).toBe('cancelled');
    const paid = await provider.create(request(), randomUUID());
    payments.settle(paid.id, 'succeed');
    expect((await provider.cancel(paid.id)).status).toBe('succeeded');
  });

  it('gives back once for a key', async () => {
    const { id } = await provider.create(request(), randomUUID());
    payments.settle(id, 'succeed');
    await provider.refund(id, 1000n, `${id}:refund`);
    await provider.refund(id, 1000n, `${id}:refund`);
    expect((await provider.get(id)).refundedMinor).toBe(1000n);
    await expect(failureOf(provider.refund(id, 51n, `${id}:more`))).resolves.toMatchObject({
      message: expect.stringContaining('HTTP 409 amount_too_large'),
    });
  });
});

describe('an error', () => {
  it.each([500, 503, 429, 'hang', 'lose answer'] as const)('comes of %s', async (fault) => {
    payments.failNextRequests(1, fault);
    await failureOf(provider.get('pay_x'));
  });

  it('tells no secret', async () => {
    const stranger = createHttpPaymentProvider({ url: payments.url, secret: 'a wrong key' });
    const refused = await failureOf(stranger.create(request(), 'a key'));
    expect(refused.message).toContain('HTTP 401 unauthorized');
    const away = createHttpPaymentProvider({ url: 'http://127.0.0.1:1', secret: 'a wrong key' });
    for (const error of [refused, await failureOf(away.get('pay_x'))])
      expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('a wrong key');
  });

  it('comes of an id that leads elsewhere', async () => {
    const error = await failureOf(provider.get('../payments?reference=x'));
    expect(error.message).toContain('404');
  });
});
