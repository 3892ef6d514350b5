import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Plan, signWebhook, type TestPaymentsOptions } from '../src/index.ts';
import { type Harness, never, startHarness, WEBHOOK_SECRET } from './support/provider.ts';
import { startReceiver } from './support/receiver.ts';

const open: Harness[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((harness) => harness.close()));
});

async function start(options?: TestPaymentsOptions, env?: Record<string, string>): Promise<Harness> {
  const harness = await startHarness(options, env);
  open.push(harness);
  return harness;
}

const planned = (plan: Plan) => start({ behaviour: () => plan });

describe('a webhook', () => {
  it('tells what happened, signed over the bytes that are sent', async () => {
    const { provider, receiver, pay } = await start();
    const payment = await pay({ reference: 'Bestellung Nº 1' });
    expect(payment.status).toBe('processing');
    await provider.idle();
    const [webhook] = receiver.received;
    expect(webhook?.event).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      type: 'payment.succeeded',
      createdAt: expect.stringMatching(/Z$/),
      data: { payment: { ...payment, status: 'succeeded' } },
    });
    expect(provider.events).toEqual([webhook?.event]);
    const [, time, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(webhook?.signature ?? '') ?? [];
    expect(digest).toBe(
      createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${webhook?.body}`, 'utf8').digest('hex'),
    );
    expect(Math.abs(Date.now() / 1_000 - Number(time))).toBeLessThan(60);
    expect(signWebhook(webhook?.body ?? '', WEBHOOK_SECRET, Number(time))).toBe(webhook?.signature);
  });

  it('is there for each kind of event, with the payment as it was then', async () => {
    const { provider, receiver, pay, post } = await start({ behaviour: never });
    const [a, b, c] = [await pay(), await pay(), await pay()];
    provider.settle(a.id, 'succeed');
    await post(`/v1/payments/${a.id}/refunds`, { amount: 5 });
    await provider.idle();
    provider.settle(b.id, 'fail');
    await provider.idle();
    await post(`/v1/payments/${c.id}/cancel`);
    await provider.idle();
    const said = provider.events.map(({ type, data: { payment } }) => [
      type,
      payment.id,
      payment.status,
      payment.refunded,
      payment.failureReason,
    ]);
    expect(said).toEqual([
      ['payment.succeeded', a.id, 'succeeded', 0, null],
      ['payment.refunded', a.id, 'succeeded', 5, null],
      ['payment.failed', b.id, 'failed', 0, 'card_declined'],
      ['payment.cancelled', c.id, 'cancelled', 0, null],
    ]);
    expect(receiver.types().sort()).toEqual(said.map(([type]) => type).sort());
  });

  it('comes again, the same, until it is taken', async () => {
    const { provider, receiver, pay } = await start();
    receiver.answers.push(500, 302, 'cut', 404);
    await pay();
    await provider.idle();
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(receiver.received.length).toBe(5);
    expect(provider.attempts.map(({ status }) => status)).toEqual([500, 302, null, 404, 200]);
  });

  it('comes again when there is no answer in time', async () => {
    const { provider, receiver, pay } = await start({ webhookTimeoutMs: 1_000 });
    receiver.answers.push('hang');
    await pay();
    await provider.idle();
    expect(provider.attempts[0]?.status).toBe(null);
    expect(provider.attempts.at(-1)?.status).toBe(200);
  });

  it('is given up after its last try, and can still be delivered', async () => {
    const { provider, receiver, pay } = await start({ retryDelays: [0, 0] });
    receiver.answers.push(500, 500, 503);
    await pay();
    await provider.idle();
    expect(provider.attempts.map(({ status }) => status)).toEqual([500, 500, 503]);
    const [event] = provider.events;
    expect(await provider.deliver(event?.id)).toEqual([{ eventId: event?.id, status: 200 }]);
  });

  it('goes to the address that is known when it is tried', async () => {
    const { provider, receiver, pay } = await start({ behaviour: never });
    const other = await startReceiver();
    try {
      const { id } = await pay();
      provider.setWebhookUrl(undefined);
      provider.settle(id, 'succeed');
      await provider.idle();
      await expect(provider.deliver(provider.events[0]?.id)).rejects.toThrow('setWebhookUrl');
      provider.setWebhookUrl(other.url);
      await provider.deliver(provider.events[0]?.id);
      expect([receiver.received.length, other.ids()]).toEqual([0, provider.events.map((event) => event.id)]);
    } finally {
      await other.close();
    }
    expect(await provider.deliver(provider.events[0]?.id)).toMatchObject([{ status: null }]);
    await expect(provider.deliver('evt_0')).rejects.toThrow('there is no event evt_0');
  });
});

describe('a plan', () => {
  it('may be kept to the default: all succeed but amounts that end in 0402', async () => {
    const { provider, pay } = await start();
    const payments = await Promise.all(
      [402, 10_402, 1_402, 4_020, 40_200, 403].map((amount) => pay({ amount })),
    );
    await provider.idle();
    expect(payments.map(({ id }) => provider.payments.get(id)?.status)).toEqual([
      'failed',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
  });

  it('is asked for once for each payment, and may tell them apart', async () => {
    const asked: string[] = [];
    const { provider, pay, post } = await start({
      behaviour: ({ id, metadata }) => {
        asked.push(id);
        return metadata.card === 'old' ? { outcome: 'fail', failureReason: 'expired_card' } : {};
      },
    });
    const old = await pay({ metadata: { card: 'old' } });
    const fresh = await pay();
    await post('/v1/payments', { amount: 1, currency: 'EUR', reference: 'x' }, 'k');
    await post('/v1/payments', { amount: 1, currency: 'EUR', reference: 'x' }, 'k');
    await provider.idle();
    expect(asked.length).toBe(3);
    expect(provider.payments.get(old.id)).toMatchObject({ status: 'failed', failureReason: 'expired_card' });
    expect(provider.payments.get(fresh.id)?.status).toBe('succeeded');
  });

  it('gives way to what happens before: settled by the test, or cancelled', async () => {
    const { provider, pay, post } = await planned({ settleAfterMs: 3_600_000 });
    const [settled, cancelled] = [await pay(), await pay()];
    provider.settle(settled.id, 'fail');
    await post(`/v1/payments/${cancelled.id}/cancel`);
    await provider.idle();
    expect(provider.events.map(({ type }) => type)).toEqual(['payment.failed', 'payment.cancelled']);
    expect(() => provider.settle('pay_0', 'fail')).toThrow('no such payment');
  });

  it('delivers twice', async () => {
    const { provider, receiver, pay } = await planned({ webhooks: 'twice' });
    await pay();
    await provider.idle();
    const [event] = provider.events;
    expect(receiver.ids()).toEqual([event?.id, event?.id]);
  });

  it('delivers nothing, and has it happen all the same', async () => {
    const { provider, receiver, pay } = await planned({ webhooks: 'never' });
    const { id } = await pay();
    await provider.idle();
    expect(await provider.deliver()).toEqual([]);
    expect(provider.payments.get(id)?.status).toBe('succeeded');
    expect(receiver.received).toEqual([]);
    await provider.deliver(provider.events[0]?.id);
    expect(receiver.types()).toEqual(['payment.succeeded']);
  });

  it('delivers late, when it is told to, once', async () => {
    const { provider, receiver, pay, post } = await planned({ webhooks: 'late' });
    const { id } = await pay();
    await provider.idle();
    await post(`/v1/payments/${id}/refunds`, { amount: 1 });
    expect(receiver.received).toEqual([]);
    expect((await provider.deliver()).map(({ status }) => status)).toEqual([200, 200]);
    expect(await provider.deliver()).toEqual([]);
    expect(receiver.types()).toEqual(['payment.succeeded', 'payment.refunded']);
  });

  it('delivers the second event first, tries again included', async () => {
    const { provider, receiver, pay, post } = await planned({ webhooks: 'reordered' });
    const { id } = await pay();
    await provider.idle();
    expect(receiver.received).toEqual([]);
    receiver.answers.push(500);
    await post(`/v1/payments/${id}/refunds`, { amount: 1 });
    await provider.idle();
    expect(receiver.types()).toEqual(['payment.refunded', 'payment.refunded', 'payment.succeeded']);
  });
});

describe('holding', () => {
  it('keeps what is due until it is released, in its order, but not what the test delivers', async () => {
    const { provider, receiver, pay, post } = await start({ behaviour: never });
    provider.hold();
    const { id } = await pay();
    provider.settle(id, 'succeed');
    await post(`/v1/payments/${id}/refunds`, { amount: 1 });
    await provider.idle();
    expect(receiver.received).toEqual([]);
    await provider.deliver(provider.events[1]?.id);
    expect(receiver.types()).toEqual(['payment.refunded']);
    provider.release();
    await provider.idle();
    expect(receiver.types().sort()).toEqual(['payment.refunded', 'payment.refunded', 'payment.succeeded']);
  });
});
