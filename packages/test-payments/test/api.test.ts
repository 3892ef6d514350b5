import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Harness, never, ORDER, SECRET, startHarness } from './support/provider.ts';

let api: Harness;
beforeEach(async () => {
  api = await startHarness({ behaviour: never });
});
afterEach(() => api.close());

/** A payment that has succeeded. */
const paid = async (fields?: Record<string, unknown>) =>
  api.provider.settle((await api.pay(fields)).id, 'succeed');

describe('a payment', () => {
  it('is made, and found by its id and its reference', async () => {
    const { status, payment } = await api.post('/v1/payments', { ...ORDER, metadata: { shop: 'north' } });
    expect(status).toBe(201);
    expect(payment).toEqual({
      ...ORDER,
      id: expect.stringMatching(/^pay_[0-9a-f]{32}$/),
      status: 'processing',
      refunded: 0,
      failureReason: null,
      metadata: { shop: 'north' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const second = await api.pay();
    await api.pay({ reference: 'order-2' });
    expect((await api.get(`/v1/payments/${payment.id}`)).payment).toEqual(payment);
    expect((await api.get('/v1/payments?reference=order-1')).data).toEqual([second, payment]);
    expect((await api.get('/v1/payments?reference=order-3')).data).toEqual([]);
  });

  it('is shown only to who knows the secret', async () => {
    const { id } = await api.pay();
    const wrong = ['', 'Bearer', 'Bearer wrong', `Bearer ${SECRET}x`, SECRET, `Basic ${SECRET}`];
    for (const authorization of wrong) {
      const answer = await api.get(`/v1/payments/${id}`, { authorization });
      expect({ status: answer.status, code: answer.error.code }).toEqual({
        status: 401,
        code: 'unauthorized',
      });
    }
    const bare = await fetch(`${api.provider.url}/v1/payments`, { method: 'POST' });
    expect(bare.status).toBe(401);
  });

  it.each<[string, unknown, string | undefined]>([
    ['no amount', { ...ORDER, amount: undefined }, 'amount'],
    ['nothing to pay', { ...ORDER, amount: 0 }, 'amount'],
    ['less than nothing', { ...ORDER, amount: -1 }, 'amount'],
    ['a fraction', { ...ORDER, amount: 1.5 }, 'amount'],
    ['a text for an amount', { ...ORDER, amount: '1999' }, 'amount'],
    ['more than a safe integer', { ...ORDER, amount: 2 ** 53 }, 'amount'],
    ['no currency', { ...ORDER, currency: 'euro' }, 'currency'],
    ['no reference', { ...ORDER, reference: '' }, 'reference'],
    ['metadata that is no text', { ...ORDER, metadata: { a: 1 } }, 'metadata.a'],
    ['a field that there is not', { ...ORDER, amout: 1 }, 'amout'],
    ['a list', [], undefined],
  ])('is refused with %s', async (_name, body, field) => {
    const { status, error } = await api.post('/v1/payments', body);
    expect({ status, code: error.code, field: error.field }).toEqual({
      status: 400,
      code: 'invalid_request',
      field,
    });
    expect(api.provider.payments.size).toBe(0);
  });

  it('answers what cannot be read, or is not there, as an error too', async () => {
    const codes = [
      await api.post('/v1/payments', '{"amount":'),
      await api.post('/v1/payments', { ...ORDER, metadata: { long: 'x'.repeat(70_000) } }),
      await api.post('/v1/payments', ORDER, null),
      await api.post('/v1/payments', ORDER, 'x'.repeat(256)),
      await api.get('/v1/payments'),
      await api.get('/v1/payments/pay_0'),
      await api.post('/v1/payments/pay_0/cancel'),
      await api.post('/v1/payments/pay_0/refunds', { amount: 1 }),
      await api.get('/v1/refunds'),
      await api.get('/elsewhere'),
    ].map(({ status, error }) => [status, error.code]);
    expect(codes).toEqual([
      [400, 'bad_request'],
      [413, 'too_large'],
      [400, 'idempotency_key_required'],
      [400, 'idempotency_key_required'],
      [400, 'invalid_request'],
      [404, 'not_found'],
      [404, 'not_found'],
      [404, 'not_found'],
      [404, 'not_found'],
      [404, 'not_found'],
    ]);
  });
});

describe('an idempotency key', () => {
  it('makes one payment of 50 equal requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api.post('/v1/payments', ORDER, 'the same')),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ payment }) => payment.id)).size).toBe(1);
    expect(api.provider.payments.size).toBe(1);
  });

  it('answers the payment as it is now, however the body is written', async () => {
    const { payment } = await api.post('/v1/payments', { ...ORDER, metadata: { a: '1', b: '2' } }, 'k');
    api.provider.settle(payment.id, 'succeed');
    const { reference, currency, amount } = ORDER;
    const again = { metadata: { b: '2', a: '1' }, reference, currency, amount };
    expect((await api.post('/v1/payments', again, 'k')).payment).toEqual({ ...payment, status: 'succeeded' });
  });

  it('is refused for another request', async () => {
    const { payment } = await api.post('/v1/payments', ORDER, 'k');
    api.provider.settle(payment.id, 'succeed');
    for (const answer of [
      await api.post('/v1/payments', { ...ORDER, amount: 2_000 }, 'k'),
      await api.post('/v1/payments', { ...ORDER, metadata: { a: '1' } }, 'k'),
      await api.post(`/v1/payments/${payment.id}/refunds`, { amount: ORDER.amount }, 'k'),
    ]) {
      expect([answer.status, answer.error.code]).toEqual([409, 'idempotency_key_reused']);
    }
    expect(api.provider.payments.size).toBe(1);
    expect(api.provider.payments.get(payment.id)?.refunded).toBe(0);
  });

  it('is free again after a refusal', async () => {
    expect((await api.post('/v1/payments', { ...ORDER, amount: 0 }, 'k')).status).toBe(400);
    expect((await api.post('/v1/payments', ORDER, 'k')).status).toBe(201);
  });
});

describe('cancelling', () => {
  it('ends a payment that is processing, once', async () => {
    const { id } = await api.pay();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.post(`/v1/payments/${id}/cancel`)),
    );
    expect(answers.map(({ status, payment }) => [status, payment.status])).toEqual(
      answers.map(() => [200, 'cancelled']),
    );
    expect(api.provider.events.map(({ type }) => type)).toEqual(['payment.cancelled']);
    expect(() => api.provider.settle(id, 'succeed')).toThrow('cancelled already');
  });

  it('comes too late for one that has succeeded, and changes none that has failed', async () => {
    const { id } = await paid();
    const { status, error } = await api.post(`/v1/payments/${id}/cancel`);
    expect([status, error.code]).toEqual([409, 'already_succeeded']);
    expect(api.provider.payments.get(id)?.status).toBe('succeeded');
    const failed = api.provider.settle((await api.pay()).id, 'fail', 'expired_card');
    expect(failed).toMatchObject({ status: 'failed', failureReason: 'expired_card' });
    expect((await api.post(`/v1/payments/${failed.id}/cancel`)).payment).toEqual(failed);
  });
});

describe('a refund', () => {
  it('gives back in parts, each once for its key', async () => {
    const { id, amount } = await paid();
    const first = await api.post(`/v1/payments/${id}/refunds`, { amount: 999 }, 'a');
    expect([first.status, first.payment.refunded]).toEqual([201, 999]);
    expect((await api.post(`/v1/payments/${id}/refunds`, { amount: 999 }, 'a')).payment.refunded).toBe(999);
    const other = await api.post(`/v1/payments/${id}/refunds`, { amount: 998 }, 'a');
    expect([other.status, other.error.code]).toEqual([409, 'idempotency_key_reused']);
    expect((await api.post(`/v1/payments/${id}/refunds`, { amount: 1_000 }, 'b')).payment.refunded).toBe(
      amount,
    );
    const more = await api.post(`/v1/payments/${id}/refunds`, { amount: 1 }, 'c');
    expect([more.status, more.error]).toMatchObject([409, { code: 'amount_too_large', field: 'amount' }]);
  });

  it('never gives back more than was paid, however many ask at once', async () => {
    const { id } = await paid({ amount: 1_000 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api.post(`/v1/payments/${id}/refunds`, { amount: 90 })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(11);
    expect(answers.filter(({ error }) => error?.code === 'amount_too_large').length).toBe(19);
    expect((await api.get(`/v1/payments/${id}`)).payment.refunded).toBe(990);
  });

  it('is for payments that have succeeded, and for some money', async () => {
    const open = await api.pay();
    const failed = api.provider.settle((await api.pay()).id, 'fail');
    const cancelled = (await api.post(`/v1/payments/${(await api.pay()).id}/cancel`)).payment;
    for (const { id } of [open, failed, cancelled]) {
      const { status, error } = await api.post(`/v1/payments/${id}/refunds`, { amount: 1 });
      expect([status, error.code]).toEqual([409, 'not_succeeded']);
    }
    const { id } = await paid();
    for (const amount of [0, -5, 0.5, '5', null]) {
      const { status, error } = await api.post(`/v1/payments/${id}/refunds`, { amount });
      expect([status, error.code, error.field]).toEqual([400, 'invalid_request', 'amount']);
    }
    const keyless = await api.post(`/v1/payments/${id}/refunds`, { amount: 1 }, null);
    expect([keyless.status, keyless.error.code]).toEqual([400, 'idempotency_key_required']);
    expect(api.provider.payments.get(id)?.refunded).toBe(0);
  });
});
