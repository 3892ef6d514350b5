import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '@tributary/testing';
import { createClient } from 'graphql-sse';
import { startTestGateway } from '../support/gateway.ts';
import { type ServedShop, serveShop } from './support/served-shop.ts';
import { ADA, ORDER_CHANGED } from './support/shop.ts';

const ANN = '00000000-0000-7000-8000-00000000000a';
let served: ServedShop;

beforeAll(async () => {
  served = await serveShop();
});
afterAll(() => served?.stop());

const clientOf = (headers: Record<string, string> = {}) =>
  createClient({ url: served.gateway.endpoint, headers, retryAttempts: 0 });

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(served.gateway.endpoint, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const get = (search: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${served.gateway.endpoint}?${new URLSearchParams(search)}`, {
    headers: { accept: 'text/event-stream', ...headers },
  });

describe('an event stream', () => {
  it('carries a subscription, filled in by other subgraphs, until the client leaves', async () => {
    const headers = { authorization: `Bearer ${await served.issuer.token(ANN)}` };
    const results = clientOf(headers).iterate({ query: ORDER_CHANGED, variables: { id: '1' } });
    const first = results.next();
    await served.shop.changed.reaches(1);
    served.shop.changed.publish({ id: '1', status: 'PAID', customer: ADA });
    const data = { orderChanged: { status: 'PAID', customer: { name: 'ADA', viewer: ANN } } };
    expect(await first).toEqual({ done: false, value: { data } });
    await results.return?.();
    await served.shop.changed.reaches(0);
  });

  it('ends with the upstream', async () => {
    const ticks: unknown[] = [];
    for await (const { data } of clientOf().iterate({ query: 'subscription { ticks(count: 3) }' })) {
      ticks.push(data?.ticks);
    }
    expect(ticks).toEqual([1, 2, 3]);
  });

  it('carries queries and mutations', async () => {
    const answer = await ask({ query: '{ order { status } }' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const [, next, complete] = (await answer.text()).split('\n\n');
    expect(next).toBe('event: next\ndata: {"data":{"order":{"status":"NEW"}}}');
    expect(complete).toBe('event: complete\ndata:');
    const mutation = await ask({ query: 'mutation { advance(status: "PAID") { status } }' });
    expect(await mutation.text()).toContain('{"data":{"advance":{"status":"PAID"}}}');
  });

  it.each([
    ['a syntax error', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', { query: 'subscription { nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a persisted query that is not known',
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['an upstream that refuses it', { query: 'subscription { refused }' }, 'INTERNAL_SERVER_ERROR'],
  ])('has the errors as its last result: %s', async (_, body, code) => {
    const text = await (await ask(body)).text();
    const [, next, complete] = text.split('\n\n');
    expect(JSON.parse(String(next).replace('event: next\ndata: ', ''))).toMatchObject({
      errors: [{ extensions: { code } }],
    });
    expect(complete).toBe('event: complete\ndata:');
    expect(text).not.toContain('hunter2');
  });

  it('is refused with an HTTP status when the token is not valid', async () => {
    const answer = await ask({ query: '{ order { status } }' }, { authorization: 'Bearer nonsense' });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('ends when the token is over', async () => {
    const answer = await ask(
      { query: ORDER_CHANGED, variables: { id: '1' } },
      { authorization: `Bearer ${await served.issuer.token(ANN, { lifetime: 1 })}` },
    );
    const text = await answer.text();
    expect(text).toContain('"code":"TOKEN_EXPIRED"');
    expect(text).toContain('event: complete');
    await served.shop.changed.reaches(0);
  });
});

describe('GET', () => {
  const subscription = { query: 'subscription { ticks(count: 1) }' };

  it('carries a subscription', async () => {
    const answer = await get(subscription, { 'apollo-require-preflight': '1' });
    expect(await answer.text()).toContain('data: {"data":{"ticks":1}}');
  });

  it('is refused to a page of another site, and for a mutation, as without a stream', async () => {
    expect((await get(subscription)).status).toBe(400);
    const mutation = { query: 'mutation { advance(status: "X") { status } }' };
    expect((await get(mutation, { 'apollo-require-preflight': '1' })).status).toBe(405);
    expect((await get({ query: '{ a', variables: '{' }, { 'apollo-require-preflight': '1' })).status).toBe(
      400,
    );
  });
});

describe('a client that accepts an event stream', () => {
  it.each([
    ['application/json, text/event-stream, multipart/mixed', 'application/json; charset=utf-8'],
    ['text/event-stream;q=0.5, application/json', 'application/json; charset=utf-8'],
    ['text/event-stream, application/json;q=0.5', 'text/event-stream; charset=utf-8'],
    ['application/json;q=0.1, Text/Event-Stream;q=0.9', 'text/event-stream; charset=utf-8'],
  ])('gets what it likes best: %s', async (accept, type) => {
    const answer = await ask({ query: '{ order { status } }' }, { accept });
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toContain('{"data":{"order":{"status":"NEW"}}}');
  });
});

describe('a plain request', () => {
  it('for a subscription is told what it takes, compiled or not', async () => {
    for (let times = 0; times < 2; times++) {
      const { errors } = await served.gateway.query({ query: 'subscription { ticks(count: 1) }' });
      expect(errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_NOT_SUPPORTED' } }]);
    }
  });
});

describe('a subgraph that serves subscriptions by SSE', () => {
  it('is asked by it, when that is configured, and each end comes through', async () => {
    const other = await startTestGateway(
      [served.shop.orders, served.shop.customers],
      { INTERNAL_SECRET: TEST_SECRET, ...served.issuer.settings },
      { files: { 'gateway.yaml': 'subgraphs: { orders: { subscriptions: { protocol: sse } } }' } },
    );
    const client = createClient({ url: other.endpoint, retryAttempts: 0 });
    const results = client.iterate({ query: ORDER_CHANGED, variables: { id: '1' } });
    const first = results.next();
    await served.shop.changed.reaches(1);
    expect(served.shop.orders.sockets()).toBe(0);
    served.shop.changed.publish({ id: '1', status: 'PAID', customer: ADA });
    expect(await first).toMatchObject({ value: { data: { orderChanged: { customer: { name: 'ADA' } } } } });
    await results.return?.();
    await served.shop.changed.reaches(0);

    const broken = client.iterate({ query: ORDER_CHANGED, variables: { id: '2' } });
    const failure = broken.next();
    await served.shop.changed.reaches(1);
    served.shop.orders.break();
    expect(await failure).toMatchObject({
      value: { errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'orders' } }] },
    });
    expect(await broken.next()).toMatchObject({ done: true });
    await other.close();
  });

  it('is not asked when it is configured to serve none', async () => {
    const other = await startTestGateway(
      [served.shop.orders, served.shop.customers],
      { INTERNAL_SECRET: TEST_SECRET, ...served.issuer.settings },
      { files: { 'gateway.yaml': 'all: { subscriptions: { protocol: none } }' } },
    );
    const client = createClient({ url: other.endpoint, retryAttempts: 0 });
    const { value } = await client.iterate({ query: ORDER_CHANGED, variables: { id: '1' } }).next();
    expect(value).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTIONS_NOT_SERVED' } }] });
    await other.close();
  });
});
