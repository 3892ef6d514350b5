import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ADA, ORDER_CHANGED, type Shop, startShop } from './support/shop.ts';
import { openSocket, type TestSocket } from './support/socket.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(async () => {
  await shop.stop();
});

async function listen(gateway: TestGateway, query = ORDER_CHANGED): Promise<TestSocket> {
  const socket = await openSocket(gateway.endpoint);
  await socket.init();
  socket.subscribe('1', query, { id: '1' });
  return socket;
}

describe('a gateway that stops', () => {
  it('sends its clients away one after the other, and lets nobody in', async () => {
    const gateway = await startTestGateway([shop.orders, shop.customers], { SHUTDOWN_GRACE_MS: '1000' });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => listen(gateway)));
    const stream = createClient({ url: gateway.endpoint, retryAttempts: 0 }).iterate({
      query: ORDER_CHANGED,
      variables: { id: '1' },
    });
    const streamed = stream.next();
    await shop.changed.reaches(1);
    // The stream is among those that wait for an event.
    shop.changed.publish({ id: '1', status: 'NEW' });
    for (const socket of sockets) await socket.receive();
    await streamed;
    const next = stream.next();
    const refused = expect(next).rejects.toThrow();
    const start = Date.now();
    const ends = sockets.map(async ({ closed }) => ({ ...(await closed), after: Date.now() - start }));
    const closing = gateway.close();
    await expect(openSocket(gateway.endpoint)).rejects.toThrow('503');
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);
    const closed = await Promise.all(ends);
    await refused;
    await closing;
    expect(closed.map(({ code, reason }) => ({ code, reason }))).toEqual(
      sockets.map(() => ({ code: 1012, reason: 'Service restart' })),
    );
    const times = closed.map(({ after }) => after);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(200);
    expect(Date.now() - start).toBeLessThan(2_000);
    await shop.changed.reaches(0);
  });

  it('does not wait for a client that does not answer', async () => {
    const gateway = await startTestGateway([shop.orders, shop.customers]);
    const socket = await listen(gateway);
    await shop.changed.reaches(1);
    socket.socket.pause();
    const start = Date.now();
    await gateway.close();
    expect(Date.now() - start).toBeLessThan(4_000);
    socket.socket.terminate();
  });
});

describe('a supergraph that is swapped', () => {
  it('keeps the subscriptions that fit it, and ends the others with a reason', async () => {
    const gateway = await startTestGateway([shop.orders, shop.customers], { SUPERGRAPH_WATCH: 'true' });
    const staying = await listen(gateway, 'subscription { orderChanged(id: 1) { status } }');
    const leaving = await listen(gateway);
    await shop.changed.reaches(2);
    // `viewer` is gone, `since` is new.
    await gateway.workspace.write(
      'customers.graphql',
      shop.customers.sdl.replace('viewer: String', 'since: Int'),
    );
    expect(await leaving.receive()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_OUTDATED' } }],
    });
    await shop.changed.reaches(1);
    shop.changed.publish({ id: '1', status: 'PAID', customer: ADA });
    expect(await staying.receive()).toMatchObject({
      payload: { data: { orderChanged: { status: 'PAID' } } },
    });
    leaving.subscribe('2', 'subscription { orderChanged(id: 1) { customer { name } } }');
    await shop.changed.reaches(2);
    shop.changed.publish({ id: '1', status: 'PAID', customer: ADA });
    expect(await leaving.receive()).toMatchObject({
      id: '2',
      payload: { data: { orderChanged: { customer: { name: 'ADA' } } } },
    });
    await gateway.close();
    await shop.changed.reaches(0);
  });
});

describe('EXECUTOR=apollo', () => {
  it('has no subscriptions, and says so', async () => {
    const gateway = await startTestGateway([shop.orders, shop.customers], { EXECUTOR: 'apollo' });
    const socket = await listen(gateway);
    expect(await socket.receive()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_NOT_SUPPORTED' } }],
    });
    socket.subscribe('2', '{ order { status } }');
    expect(await socket.receive()).toMatchObject({ payload: { data: { order: { status: 'NEW' } } } });
    await gateway.close();
  });
});
