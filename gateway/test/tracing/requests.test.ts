import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLogger, startTracing, traceHeadersOf } from '@tributary/platform';
import { type OtlpReceiver, startOtlpReceiver } from '@tributary/testing';
import { answering, startFaulty } from '../support/faulty-server.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { startBooksGateway } from '../transport/support/books.ts';
import { newTrace, tracedBy, traceWith } from './support.ts';

const QUERY = 'query Me { me { name reviews { text } } }';

let shop: Shop;
let receiver: OtlpReceiver;
const opened: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [shop, receiver] = await Promise.all([startShop(), startOtlpReceiver()]);
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
afterAll(async () => {
  await shop?.stop();
  await receiver?.close();
});

async function start(env: Record<string, string>, options?: TestGatewayOptions): Promise<TestGateway> {
  const gateway = await startTestGateway(shop.subgraphs, env, options);
  opened.push(() => gateway.close());
  return gateway;
}

/** What the first subgraph was told of a trace last. */
const toldTrace = () => shop.subgraphs[0]?.requests.at(-1)?.traceparent;
const requestOf = (traceId: string) =>
  traceWith(receiver, (span) => span.traceId === traceId && span.name.endsWith(' /graphql'));

describe('a request', () => {
  it.each([
    ['through Apollo Server', 'tributary', 1],
    ['past it', 'tributary', 2],
    ['with Apollo’s executor', 'apollo', 1],
  ])('has spans of its fetches, which name them to the subgraphs: %s', async (_way, EXECUTOR, times) => {
    const gateway = await start({ ...tracedBy(receiver), EXECUTOR, DATA_REGION: 'ca' });
    for (let n = 1; n < times; n += 1) await gateway.query({ query: QUERY });
    const trace = newTrace();
    const headers = { traceparent: trace.traceparent, tracestate: 'vendor=1' };
    expect((await gateway.query({ query: QUERY, headers })).errors).toBeUndefined();
    const { span, spans } = await requestOf(trace.traceId);
    expect(span).toMatchObject({
      parentSpanId: trace.spanId,
      isError: false,
      resource: {
        'service.name': 'gateway',
        'service.namespace': 'tributary',
        'tributary.data_region': 'ca',
      },
      attributes: {
        'graphql.operation.name': 'Me',
        'graphql.operation.type': 'query',
        'http.response.status_code': 200,
        'tributary.request.id': expect.any(String),
      },
    });
    const [root, entities] = ['users', 'reviews'].map((name) =>
      spans.find((one) => one.name === `fetch ${name}`),
    );
    expect(root).toMatchObject({
      parentSpanId: span.spanId,
      attributes: { 'tributary.fetch.kind': 'root', 'http.response.status_code': 200 },
    });
    expect(entities).toMatchObject({
      parentSpanId: span.spanId,
      attributes: { 'tributary.fetch.kind': 'entities', 'tributary.fetch.entities': 1 },
    });
    expect(toldTrace()).toBe(`00-${trace.traceId}-${root?.spanId}-01`);
    expect(shop.subgraphs[0]?.requests.at(-1)?.tracestate).toBe('vendor=1');
    const names = spans.map(({ name }) => name);
    const isNew = EXECUTOR === 'tributary' && times === 1;
    expect(names.includes('graphql.plan')).toBe(isNew);
    expect(names.includes('graphql.parse')).toBe(times === 1);
  });

  it('is not recorded, and names its trace to the subgraphs all the same, beyond the part that is', async () => {
    const gateway = await start({ ...tracedBy(receiver), OTEL_TRACES_SAMPLER_ARG: '0' });
    const before = receiver.requests.length;
    await gateway.query({ query: QUERY });
    expect(toldTrace()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    const { traceparent } = newTrace('00');
    await gateway.query({ query: QUERY, headers: { traceparent } });
    expect(toldTrace()).toBe(traceparent);
    await gateway.close();
    opened.pop();
    expect(receiver.requests.length).toBe(before);
  });

  it('is no part of any trace when nothing is traced', async () => {
    const gateway = await start({});
    await gateway.query({ query: QUERY, headers: { traceparent: newTrace().traceparent } });
    expect(toldTrace()).toBeUndefined();
  });

  it.each([
    ['a production gateway', { NODE_ENV: 'production', SHUTDOWN_DELAY_MS: '0' }],
    ['one that is told not to', { TRUST_TRACEPARENT: 'off' }],
  ])('does not let its client decide what %s records', async (_case, env) => {
    const gateway = await start({ ...tracedBy(receiver), OTEL_TRACES_SAMPLER_ARG: '0', ...env });
    const { traceparent, traceId } = newTrace();
    await gateway.query({ query: QUERY, headers: { traceparent } });
    expect(toldTrace()).toMatch(/-00$/);
    expect(toldTrace()).not.toContain(traceId);
  });

  it('has a link to a trace that is not trusted', async () => {
    const gateway = await start({ ...tracedBy(receiver), TRUST_TRACEPARENT: 'off' });
    const { traceparent, traceId, spanId } = newTrace();
    await gateway.query({ query: QUERY, headers: { traceparent } });
    const { span } = await traceWith(receiver, ({ links }) => links.some((link) => link.traceId === traceId));
    expect(span).toMatchObject({ parentSpanId: '', links: [{ traceId, spanId }] });
    expect(span.traceId).not.toBe(traceId);
  });

  it('says what went wrong by codes', async () => {
    const gateway = await start(tracedBy(receiver));
    for (const [query, code, isError] of [
      ['{ users { name reviews { text } score } }', 'TOLD', true],
      // What the client is to mend is no failure here.
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED', false],
    ] as const) {
      const { traceparent, traceId } = newTrace();
      await gateway.query({ query, headers: { traceparent } });
      const { span, spans } = await requestOf(traceId);
      expect(span).toMatchObject({ isError, attributes: { 'error.type': code } });
      expect(JSON.stringify(spans)).not.toContain('no score');
    }
  });
});

describe('a fetch', () => {
  const unavailable = answering(503, '');
  const works = answering(200, '{"data":{"books":1}}');

  it.each<[string, boolean, object]>([
    ['was sent again', true, { isError: false, attributes: { 'http.request.resend_count': 1 } }],
    ['failed', false, { isError: true, attributes: { 'http.response.status_code': 503 } }],
  ])('tells that it %s', async (_case, recovers, expected) => {
    let requests = 0;
    const books = await startFaulty((request, response) => {
      requests += 1;
      if (recovers && requests > 1) works(request, response);
      else unavailable(request, response);
    });
    opened.push(() => books.stop());
    const gateway = await startBooksGateway(
      { books: books.url },
      'all: { breaker: false, retries: { pause: 1ms } }',
      tracedBy(receiver),
    );
    opened.push(() => gateway.close());
    const { traceparent, traceId } = newTrace();
    await gateway.query({ query: '{ books }', headers: { traceparent } });
    const { span } = await traceWith(
      receiver,
      (one) => one.traceId === traceId && one.name === 'fetch books',
    );
    expect(span).toMatchObject(expected);
  });
});

describe('a collector', () => {
  it('that fails is told of once, and again when it is back', async () => {
    const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const [warn, info] = [jest.spyOn(logger, 'warn'), jest.spyOn(logger, 'info')];
    const about = () =>
      [...warn.mock.calls, ...info.mock.calls]
        .map(([, message]) => String(message))
        .filter((message) => message.startsWith('traces can'));
    const own = await startOtlpReceiver();
    opened.push(() => own.close());
    const gateway = await start(
      { ...tracedBy(own), OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20key' },
      { logger },
    );
    const askUntilSent = async (count: number) => {
      const before = own.requests.length;
      while (own.requests.length < before + count) await gateway.query({ query: '{ me { id } }' });
    };
    own.answerWith(400);
    await askUntilSent(3);
    expect(about()).toEqual(['traces cannot be sent; going on without them']);
    expect(own.requests[0]?.['api-key']).toBe('a key');
    own.answerWith(200);
    while (about().length < 2) await askUntilSent(1);
    expect(about()[1]).toBe('traces can be sent again');
  });

  it('that hangs does not keep the gateway from its end', async () => {
    const own = await startOtlpReceiver();
    own.answerWith(null);
    const gateway = await start(tracedBy(own));
    expect((await gateway.query({ query: QUERY })).errors).toBeUndefined();
    await gateway.close();
    opened.pop();
    own.answerWith(200);
    await own.close();
  });
});

it('records its part of the traces, by their ids, and tells the others’ too', async () => {
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: 0.25,
    OTEL_BSP_SCHEDULE_DELAY: 10,
  };
  const logger = createLogger({ name: 'some', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const tracing = await startTracing({ service: 'some', settings, logger });
  if (!tracing) throw new Error('nothing is traced');
  const begun = Array.from({ length: 4_000 }, () => tracing.begin('work'));
  for (const { span } of begun) span?.end();
  await tracing.close();

  const told = begun.map(({ headers }) => headers.traceparent);
  expect(told.filter((one) => traceHeadersOf({ traceparent: one }) === null)).toEqual([]);
  expect(new Set(told.map((one) => one.slice(3, 35))).size).toBe(4_000);
  expect(new Set(told.map((one) => one.slice(36, 52))).size).toBe(4_000);
  const recorded = begun.filter(({ span }) => span !== null);
  expect(recorded.length).toBeGreaterThan(700); // 11 standard deviations from 1,000
  expect(recorded.length).toBeLessThan(1_300);
  expect(receiver.spans.flatMap(({ name, traceId }) => (name === 'work' ? traceId : [])).sort()).toEqual(
    recorded.map(({ span }) => span?.traceId).sort(),
  );
  for (const { headers, span } of begun)
    expect(headers.traceparent.endsWith(span ? '-01' : '-00')).toBe(true);
});
