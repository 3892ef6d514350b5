import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order } from '@tributary/prisma/orders/client';
import { SIGNATURE_HEADER, signWebhook } from '@tributary/test-payments';
import { type OtlpReceiver, startOtlpReceiver } from '@tributary/testing';
import { orderId, orderRow } from './support/fixtures.ts';
import { dropJobs, jobsOf, tasksOf } from './support/jobs.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import { WEBHOOK_SECRET } from './support/till.ts';

let shop: Shop;
let receiver: OtlpReceiver;
let url: URL;
let order: Order;
let n = 0;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  shop = await openShop({
    PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  });
  url = new URL('/webhooks/payments', shop.subgraph.url);
});
afterAll(async () => {
  await shop?.close();
  await receiver?.close();
});
beforeEach(async () => {
  n += 1;
  order = await placeOrder(shop.prisma, n);
  await dropJobs(shop.prisma);
});

const seconds = (ago = 0) => Math.floor(Date.now() / 1_000) - ago;
const eventOf = (reference: string, changes: object = {}) =>
  JSON.stringify({
    id: `evt_${randomUUID().replaceAll('-', '')}`,
    type: 'payment.succeeded',
    createdAt: new Date().toISOString(),
    data: { payment: { id: 'pay_1', reference } },
    ...changes,
  });
const post = (body: string, signature: string | null = signWebhook(body, WEBHOOK_SECRET, seconds())) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature !== null && { [SIGNATURE_HEADER]: signature }),
    },
    body,
  }).then(({ status }) => status);
const events = () => shop.prisma.paymentEvent.count({ where: { orderId: order.id } });

describe('a webhook', () => {
  it('is stored, with a job that asks the provider', async () => {
    expect(await post(eventOf(order.id))).toBe(200);
    expect(await events()).toBe(1);
    expect(await tasksOf(shop.prisma, order.id)).toEqual(['payment.sync']);
    // It is a hint: what it says is not believed.
    expect(await shop.prisma.order.findUnique({ where: { id: order.id } })).toMatchObject({
      status: 'PENDING_PAYMENT',
    });
  });

  it('is a trace, which its job goes on with; who sends it does not say which', async () => {
    const body = eventOf(order.id);
    const theirs = '0af7651916cd43dd8448eb211c80319c';
    const headers = {
      'content-type': 'application/json',
      [SIGNATURE_HEADER]: signWebhook(body, WEBHOOK_SECRET, seconds()),
      traceparent: `00-${theirs}-b7ad6b7169203331-01`,
    };
    await fetch(url, { method: 'POST', headers, body });
    const [job] = await jobsOf(shop.prisma, order.id);
    const asked = job?.payload._trace as { traceparent: string } | undefined;
    const [, traceId, spanId] = asked?.traceparent.split('-') ?? [];
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceId).not.toBe(theirs);
    const isRequest = (span: (typeof receiver.spans)[number]) =>
      span.traceId === traceId && span.name === 'POST /webhooks/payments';
    while (!receiver.spans.some(isRequest)) await setTimeout(5);
    const request = receiver.spans.find(isRequest);
    expect(request).toMatchObject({
      attributes: { 'http.route': '/webhooks/payments', 'http.response.status_code': 200 },
    });
    const statements = receiver.spans.filter((span) => span.traceId === traceId);
    expect(statements.map((span) => span.spanId)).toContain(spanId);
  });

  it('is taken in once, however often it comes', async () => {
    const event = eventOf(order.id);
    const statuses = await Promise.all(Array.from({ length: 20 }, () => post(event)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await events()).toBe(1);
    await dropJobs(shop.prisma);
    expect(await post(event)).toBe(200);
    expect(await tasksOf(shop.prisma, order.id)).toEqual([]);
  });

  it('is found by the provider’s id of the payment', async () => {
    await shop.prisma.payment.update({ where: { orderId: order.id }, data: { providerId: `pay_${n}` } });
    const data = { payment: { id: `pay_${n}`, reference: 'something else' } };
    expect(await post(eventOf('', { data }))).toBe(200);
    expect(await events()).toBe(1);
  });

  it('about a payment that is not ours is taken and left alone', async () => {
    await shop.prisma.payment.update({ where: { orderId: order.id }, data: { providerId: `pay_${n}` } });
    // The reference of an order whose payment is another one.
    expect(await post(eventOf(order.id))).toBe(200);
    expect(await post(eventOf(randomUUID()))).toBe(200);
    expect(await post(eventOf("' OR true --"))).toBe(200);
    expect(await events()).toBe(0);
    expect(await tasksOf(shop.prisma, order.id)).toEqual([]);
  });

  it.each<[string, (body: string) => string | null]>([
    ['no signature', () => null],
    ['an empty signature', () => ''],
    ['a signature with another secret', (body) => signWebhook(body, 'another secret', seconds())],
    ['the signature of another body', (body) => signWebhook(`${body} `, WEBHOOK_SECRET, seconds())],
    ['a signature of long ago', (body) => signWebhook(body, WEBHOOK_SECRET, seconds(301))],
    ['a signature of the future', (body) => signWebhook(body, WEBHOOK_SECRET, seconds(-310))],
    [
      'an old signature with a new time',
      (body) => signWebhook(body, WEBHOOK_SECRET, seconds(900)).replace(/^t=\d+/, `t=${seconds()}`),
    ],
    [
      'a signature without a time',
      (body) => signWebhook(body, WEBHOOK_SECRET, seconds()).replace(/^.*,/, ''),
    ],
    ['half a signature', (body) => signWebhook(body, WEBHOOK_SECRET, seconds()).slice(0, -2)],
    ['a signature that is no number', () => `t=${seconds()},v1=${'z'.repeat(64)}`],
  ])('with %s is refused', async (_what, sign) => {
    const body = eventOf(order.id);
    expect(await post(body, sign(body))).toBe(401);
    expect(await events()).toBe(0);
  });

  it('may have two signatures, while a secret is replaced', async () => {
    const body = eventOf(order.id);
    const [time, signature] = signWebhook(body, WEBHOOK_SECRET, seconds()).split(',');
    expect(await post(body, `${time},v1=${'0'.repeat(64)},${signature}`)).toBe(200);
    expect(await events()).toBe(1);
  });

  it.each([
    ['no JSON', '{'],
    ['no event', '{}'],
    ['nothing', ''],
    ['an id with a NUL character', eventOf('x', { id: 'evt_\0' })],
  ])('that is %s is refused', async (_what, body) => {
    expect(await post(body)).toBe(400);
  });

  it('with a NUL character in its reference is not ours', async () => {
    expect(await post(eventOf('\0'))).toBe(400);
  });

  it('that is too large is refused', async () => {
    expect(await post(eventOf('x'.repeat(70_000)))).toBe(413);
  });
});

describe('without a secret', () => {
  it('every webhook is refused', async () => {
    const open = await openShop();
    const body = eventOf(order.id);
    const response = await fetch(new URL('/webhooks/payments', open.subgraph.url), {
      method: 'POST',
      headers: { [SIGNATURE_HEADER]: signWebhook(body, '', seconds()) },
      body,
    });
    await open.close();
    expect(response.status).toBe(401);
  });
});

it('finds its payment without reading all of them, though few have the provider’s id', async () => {
  const busy = await openShop({ PAYMENT_WEBHOOK_SECRET: WEBHOOK_SECRET });
  try {
    const orders = Array.from({ length: 5_000 }, (_, at) => orderRow(at));
    await busy.prisma.order.createMany({ data: orders });
    await busy.prisma.payment.createMany({
      data: orders.map(({ id, currency, totalMinor }) => ({
        orderId: id,
        currency,
        amountMinor: totalMinor,
      })),
    });
    await busy.prisma.$executeRaw`ANALYZE payments`;
    const before = await payments(busy);
    const body = eventOf(orderId(7));
    const status = await fetch(new URL('/webhooks/payments', busy.subgraph.url), {
      method: 'POST',
      headers: { [SIGNATURE_HEADER]: signWebhook(body, WEBHOOK_SECRET, seconds()) },
      body,
    }).then((response) => response.status);
    expect(status).toBe(200);
    expect(await busy.prisma.paymentEvent.count({ where: { orderId: orderId(7) } })).toBe(1);
    // A connection reports what it counted at the latest when it ends.
    await busy.subgraph.close();
    while ((await payments(busy)).connections > 0) await setTimeout(20);
    const after = await payments(busy);
    expect(after.read - before.read).toBeLessThan(10);
  } finally {
    await busy.close();
  }
});

/** Rows of payments that were read so far, and connections beside the test's own. */
async function payments({ prisma }: Shop): Promise<{ read: number; connections: number }> {
  const [row] = await prisma.$queryRaw<{ read: number; connections: number }[]>`
    SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer AS read, (
      SELECT count(*)::integer FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    ) AS connections
    FROM pg_stat_user_tables WHERE relname = 'payments'`;
  return row ?? { read: Number.NaN, connections: 0 };
}
