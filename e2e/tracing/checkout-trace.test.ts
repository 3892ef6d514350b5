import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@tributary/testing';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { type Article, place, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a horse of another colour';
const EMAIL = 'grace.traced@example.com';
const NAME = 'Grace Traced';
/** OpenTelemetry's numbers of kinds. */
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];

let receiver: OtlpReceiver;
let graph: Graph;
let buyers: Buyer[];
let article: Article;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  graph = await startGraph({ gateway: tracing, subgraphs: tracing });
  [article] = (await stockUp(graph, 1)) as [Article];
  const wanted = [{ variantId: article.id, quantity: 1 }];
  buyers = await addBuyers(graph, [wanted, wanted, wanted]);
});
afterAll(async () => {
  await graph?.stop();
  receiver?.answerWith(200);
  await receiver?.close();
});

/** A place in a new trace, as a client's own tracing names it. */
function newTrace(flags: '00' | '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Asks as a part of a trace. */
const within = ({ traceparent }: { traceparent: string }): Pick<Graph, 'ask' | 'authorizationOf'> => ({
  authorizationOf: graph.authorizationOf,
  ask: (query, options) => graph.ask(query, { ...options, headers: { ...options?.headers, traceparent } }),
});

const spansOf = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);
const parentIn = (spans: readonly ReceivedSpan[], { parentSpanId }: ReceivedSpan) =>
  spans.find(({ spanId }) => spanId === parentSpanId);

/** Names of a span and of all that it is a part of, from the outermost one, with their services. */
function pathIn(spans: readonly ReceivedSpan[], span: ReceivedSpan): string[] {
  const parent = parentIn(spans, span);
  return [...(parent ? pathIn(spans, parent) : []), `${span.service}: ${span.name}`];
}

const REQUEST = 'gateway: POST /graphql';
const ORDER = `${REQUEST} > gateway: fetch orders > orders: POST /graphql`;

/** What of a checkout is to be seen; each a part of what is before it. */
const PATHS = [
  `${REQUEST} > gateway: graphql.parse`,
  `${REQUEST} > gateway: graphql.validate`,
  `${REQUEST} > gateway: graphql.plan`,
  `${ORDER} > orders: prisma $queryRaw > orders: SELECT`,
  `${ORDER} > orders: ask users > users: POST /graphql > users: load addressById > users: prisma Address.findMany > users: SELECT`,
  `${ORDER} > orders: ask products > products: POST /graphql > products: prisma $queryRaw > products: SELECT`,
  `${ORDER} > orders: job mail.confirmation > orders: ask users > users: POST /graphql > users: load userById > users: prisma User.findMany > users: SELECT`,
  `${ORDER} > orders: job stock.confirm > orders: ask products > products: POST /graphql > products: prisma $queryRaw > products: SELECT`,
  `${ORDER} > orders: job event.publish > orders: publish orderStatusChanged`,
  `${ORDER} > orders: job cache.evict > orders: invalidate caches`,
];

describe('a checkout', () => {
  const trace = newTrace('01');
  let spans: ReceivedSpan[];
  let paths: string[];
  const missing = () => PATHS.filter((path) => !paths.includes(path));
  const withoutParent = () => spans.filter((span) => !parentIn(spans, span));
  const named = (name: string, service: string) =>
    spans.find((span) => span.name === name && span.service === service);

  beforeAll(async () => {
    await place(within(trace), buyers[0] as Buyer, article.price);
    await until(async () => {
      spans = spansOf(trace.traceId);
      paths = spans.map((span) => pathIn(spans, span).join(' > '));
      return missing().length === 0 && withoutParent().length === 1;
    }).catch(() => undefined); // the tests tell what is not there
  });

  it('is one trace: through the gateway and three subgraphs down to their statements, and on in jobs', () => {
    expect(missing()).toEqual([]);
    expect(withoutParent().map(({ service, name }) => `${service}: ${name}`)).toEqual([REQUEST]);
  });

  it('is a part of what its client does', () => {
    expect(withoutParent()[0]).toMatchObject({
      kind: SERVER,
      parentSpanId: trace.spanId,
      isError: false,
      attributes: {
        'graphql.operation.type': 'mutation',
        'graphql.document.hash': expect.stringMatching(/^[0-9a-f]{64}$/),
        'http.response.status_code': 200,
      },
    });
  });

  it('says what was asked of whom', () => {
    expect(named('fetch orders', 'gateway')).toMatchObject({
      kind: CLIENT,
      attributes: {
        'tributary.subgraph': 'orders',
        'tributary.fetch.kind': 'root',
        'http.response.status_code': 200,
      },
    });
    expect(named('load addressById', 'users')?.attributes).toEqual({ 'tributary.loader.keys': 1 });
    expect(named('SELECT', 'users')).toMatchObject({
      kind: CLIENT,
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': expect.stringMatching(/^SELECT .*\$1/s),
      },
    });
    expect(named('publish orderStatusChanged', 'orders')).toMatchObject({ kind: PRODUCER });
    expect(named('job mail.confirmation', 'orders')).toMatchObject({
      kind: CONSUMER,
      attributes: { 'messaging.destination.name': 'mail.confirmation', 'tributary.job.attempt': 1 },
    });
  });
});

it('tells nothing of a person', async () => {
  const trace = newTrace('01');
  const { ask } = within(trace);
  const headers = await graph.authorizationOf((buyers[1] as Buyer).userId);
  // As variables and in the text, what is right and what is wrong.
  await ask(
    `mutation ($email: String!, $password: String!) {
      userRegister(input: { email: $email, password: $password, displayName: "${NAME}" }) { userErrors { __typename } }
      again: userRegister(input: { email: $email, password: $password, displayName: "${NAME}" }) { userErrors { __typename } }
    }`,
    { variables: { email: EMAIL, password: PASSWORD } },
  );
  await ask(`{ users(first: 1, filter: { email: "${EMAIL}" }) { edges { node { id } } } }`, { headers });
  await place(within(trace), buyers[1] as Buyer, article.price);
  await until(async () => {
    const spans = spansOf(trace.traceId);
    return spans.filter(({ service, name }) => service === 'gateway' && name === 'POST /graphql').length >= 3;
  });
  await until(async () => spansOf(trace.traceId).some(({ name }) => name === 'job mail.confirmation'));
  const written = JSON.stringify(receiver.spans);
  const { userId } = buyers[1] as Buyer;
  const token = String(headers.authorization).replace('Bearer ', '');
  for (const secret of [EMAIL, PASSWORD, NAME, token, userId, '@example.com', '1 Main Street', 'Springfield'])
    expect(written).not.toContain(secret);
});

it('is not recorded where who began the trace does not record it', async () => {
  const unrecorded = newTrace('00');
  const later = newTrace('01');
  await place(within(unrecorded), buyers[2] as Buyer, article.price);
  await within(later).ask('{ __typename categories(first: 1) { edges { node { name } } } }');
  await until(async () => spansOf(later.traceId).some(({ service }) => service === 'products'));
  expect(spansOf(unrecorded.traceId)).toEqual([]);
});

it('holds up nobody while the collector hangs', async () => {
  const before = receiver.requests.length;
  receiver.answerWith(null);
  const ask = () => within(newTrace('01')).ask('{ categories(first: 2) { edges { node { name } } } }');
  expect((await ask()).errors).toBeUndefined();
  await until(async () => receiver.requests.length > before);
  expect((await ask()).errors).toBeUndefined();
  // Nor the end of the graph, which follows.
});
