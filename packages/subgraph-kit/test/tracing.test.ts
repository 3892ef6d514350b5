import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createEventBus,
  createLogger,
  createMetrics,
  startTracing,
  type Tracing,
  withTrace,
} from '@tributary/platform';
import {
  graphql,
  type OtlpReceiver,
  type ReceivedSpan,
  serviceHeaders,
  startOtlpReceiver,
} from '@tributary/testing';
import { buildSchema as buildPlainSchema, parse } from 'graphql';
import {
  createChangeFeed,
  createEventSource,
  createRowLoader,
  createServiceClient,
  type RequestContext,
} from '../src/index.ts';
import { runSubscription } from '../src/subscriptions/run-subscription.ts';
import { traceEvents } from '../src/tracing/trace-events.ts';
import { openLibrary } from './support/library.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

let receiver: OtlpReceiver;
let tracing: Tracing;
let library: Awaited<ReturnType<typeof openLibrary>>;
let context: RequestContext;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: 1,
    OTEL_BSP_SCHEDULE_DELAY: 10,
  };
  tracing = (await startTracing({ service: 'library', settings, logger })) as Tracing;
  library = await openLibrary({
    tracing,
    onContext(made) {
      context = made;
    },
  });
});
afterAll(async () => {
  await library?.close();
  await tracing?.close();
  await receiver?.close();
});

function newTrace(flags: '00' | '01' = '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Waits for a span; the test's own time limit ends it otherwise. */
async function received(holds: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
  for (;;) {
    const found = receiver.spans.find(holds);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const isNamed = (operation: string) => (span: ReceivedSpan) =>
  span.attributes['graphql.operation.name'] === operation;

describe('a request', () => {
  it('goes on with the trace of who signed it, and has that on its log lines', async () => {
    const { traceId, spanId, traceparent } = newTrace();
    const headers = { ...(await serviceHeaders('orders')), traceparent };
    await graphql(library.url, { query: 'query Signed { plain }', headers });
    const span = await received(isNamed('Signed'));
    expect(span).toMatchObject({
      traceId,
      parentSpanId: spanId,
      name: 'POST /graphql',
      attributes: { 'graphql.operation.type': 'query', 'http.response.status_code': 200 },
    });
    expect(context.logger.bindings()).toMatchObject({ traceId, spanId: span.spanId });
  });

  it.each([
    ['not signed', {}, 200],
    ['signed by nobody who may', { 'x-tributary-identity': 'forged' }, 401],
  ])('begins a trace when it is %s', async (_case, identity, status) => {
    const { traceId, traceparent } = newTrace();
    await graphql(library.url, { query: '{ plain }', headers: { ...identity, traceparent } });
    const isIt = ({ parentSpanId, attributes }: ReceivedSpan) =>
      parentSpanId === '' && attributes['http.response.status_code'] === status;
    expect((await received(isIt)).traceId).not.toBe(traceId);
    expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });

  it('that nobody records has no ids on its log lines', async () => {
    const headers = { ...(await serviceHeaders('orders')), traceparent: newTrace('00').traceparent };
    await graphql(library.url, { query: '{ plain }', headers });
    expect(context.logger.bindings()).not.toHaveProperty('traceId');
  });

  it('tells an error by its code', async () => {
    await graphql(library.url, { query: 'query Failing { failing }' });
    expect(await received(isNamed('Failing'))).toMatchObject({ isError: true });
    expect(JSON.stringify(receiver.spans)).not.toContain('broken');
  });
});

it('a batch of a loader has a span with its size', async () => {
  const trace = tracing.begin('batches');
  const loader = createRowLoader<{ id: string }>(
    async (ids) => ids.map((id) => ({ id })),
    ({ id }) => id,
  );
  loader.name = 'thingById';
  await withTrace(trace, () => Promise.all([loader.load('1'), loader.load('2')]));
  const { parentSpanId, attributes } = await received(({ name }) => name === 'load thingById');
  expect([parentSpanId, attributes]).toEqual([trace.span?.spanId, { 'tributary.loader.keys': 2 }]);
});

it('a call of another service goes on with the trace, recorded or not', async () => {
  const told: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"me":1}}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const urls = new Map([['users', `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`]]);
  const client = createServiceClient({ name: 'orders', secret: undefined, urls });
  const call = () => client.call({ subgraph: 'users', query: '{ me }' });
  const recorded = tracing.begin('calls');
  const unrecorded = tracing.begin('calls', { parent: newTrace('00') });
  await withTrace(recorded, call);
  await withTrace(unrecorded, call);
  await call();
  const span = await received(({ name }) => name === 'ask users');
  expect(span.parentSpanId).toBe(recorded.span?.spanId);
  expect(told.map(({ traceparent }) => traceparent)).toEqual([
    `00-${span.traceId}-${span.spanId}-01`,
    unrecorded.headers.traceparent,
    undefined,
  ]);
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('an event of a subscription has a trace with a link to where it was published, and tells of it', async () => {
  const bus = traceEvents(createEventBus({ url: undefined, logger, metrics: createMetrics('test') }));
  const feed = createChangeFeed(bus, 'thingChanged', (event) => {
    const { id } = event as { id: string };
    return [{ key: id, subject: id }];
  });
  const schema = buildPlainSchema('type Query { a: Int } type Subscription { thing: String }');
  const subscription = schema.getSubscriptionType()?.getFields().thing;
  if (!subscription) throw new Error('there is no subscription');
  subscription.subscribe = () =>
    createEventSource(
      feed,
      ['1'],
      () => '1',
      async function* (watch) {
        for (let changes = await watch.next(); changes; changes = await watch.next())
          yield { thing: [...changes.subjects].join() };
      },
    );
  const document = parse('subscription Things { thing }');
  const audit = { record: async () => undefined, flush: async () => undefined };
  const results = await runSubscription(
    { schema, document, operationName: 'Things' },
    tracing,
    () => ({ audit }) as unknown as RequestContext,
    () => undefined,
  );
  if (!('next' in results)) throw new Error('it did not begin');
  const next = results.next();
  const cause = tracing.begin('a change');
  await withTrace(cause, () => bus.publish('thingChanged', { id: '1' }));
  const { value } = await next;
  const span = await received(({ name }) => name === 'subscription event');
  expect(value).toMatchObject({
    data: { thing: '1' },
    extensions: { stateKey: '1', trace: { traceparent: `00-${span.traceId}-${span.spanId}-01` } },
  });
  const published = await received(({ name }) => name === 'publish thingChanged');
  expect(span.links).toEqual([{ traceId: published.traceId, spanId: published.spanId }]);
  expect(published.parentSpanId).toBe(cause.span?.spanId);
  await results.return();
  await bus.close();
});
