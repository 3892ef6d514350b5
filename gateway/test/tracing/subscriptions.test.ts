import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from '@tributary/testing';
import { type EventSubgraph, startEventSubgraph } from '../subscriptions/support/event-subgraph.ts';
import { openSocket, type TestSocket } from '../subscriptions/support/socket.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newTrace, tracedBy, traceWith } from './support.ts';

/** The trace in which the subgraph made the event. */
const made = newTrace();
let events: EventSubgraph;
let names: EventSubgraph;
let receiver: OtlpReceiver;
let gateway: TestGateway;
let socket: TestSocket;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  events = await startEventSubgraph(
    'events',
    `type Query { thing: Thing }
    type Subscription { made: Thing  plain: Thing }
    type Thing @key(fields: "id") { id: ID! }`,
    {
      Query: { thing: () => ({ id: '1' }) },
      Subscription: {
        made: { subscribe: once, resolve: (thing: unknown) => thing },
        plain: { subscribe: once, resolve: (thing: unknown) => thing },
      },
    },
    (data) => ((data as { made?: object }).made ? { trace: { traceparent: made.traceparent } } : {}),
  );
  names = await startEventSubgraph(
    'names',
    'type Query { count: Int } type Thing @key(fields: "id") { id: ID! name: String }',
    { Thing: { __resolveReference: ({ id }: { id: string }) => ({ id }), name: () => 'A thing' } },
  );
  gateway = await startTestGateway([events, names], tracedBy(receiver));
  socket = await openSocket(gateway.endpoint);
  await socket.init();
});
afterAll(async () => {
  await socket?.close();
  await gateway?.close();
  await Promise.all([events?.stop(), names?.stop(), receiver?.close()]);
});

async function* once() {
  yield { id: '1' };
}

it.each([
  ['goes on with the trace in which it was made', 'made', made.traceId, made.spanId],
  ['begins a trace where the subgraph tells of none', 'plain', expect.any(String), ''],
])('an event %s, and has a span with those of what fills it in', async (_case, field, traceId, parent) => {
  socket.subscribe(field, `subscription Things { ${field} { name } }`);
  expect(await socket.receive()).toEqual({
    id: field,
    type: 'next',
    payload: { data: { [field]: { name: 'A thing' } } },
  });
  expect(await socket.receive()).toMatchObject({ type: 'complete' });
  const { span, spans } = await traceWith(
    receiver,
    ({ name, parentSpanId }) => name === 'subscription event' && parentSpanId === parent,
  );
  expect(span).toMatchObject({
    traceId,
    attributes: { 'graphql.operation.name': 'Things', 'graphql.operation.type': 'subscription' },
  });
  expect(spans.find(({ name }) => name === 'fetch names')).toMatchObject({ parentSpanId: span.spanId });
});

it('an operation over a WebSocket has a span', async () => {
  socket.subscribe('query', 'query Count { count }');
  await socket.receive();
  const { span, spans } = await traceWith(
    receiver,
    ({ name, attributes }) =>
      name === 'graphql over WebSocket' && attributes['graphql.operation.name'] === 'Count',
  );
  expect(spans.find(({ name }) => name === 'fetch names')).toMatchObject({ parentSpanId: span.spanId });
});
