import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServedShop, serveShop } from './support/served-shop.ts';
import { ADA, BROKEN, ORDER_CHANGED } from './support/shop.ts';
import { openSocket, type TestSocket } from './support/socket.ts';

let served: ServedShop;

beforeAll(async () => {
  served = await serveShop();
});
afterAll(() => served?.stop());

async function listen(id: string, token?: string): Promise<TestSocket> {
  const socket = await openSocket(served.gateway.endpoint);
  await socket.init(token === undefined ? {} : { authorization: `Bearer ${token}` });
  socket.subscribe('1', ORDER_CHANGED, { id });
  // Answered after the subscription was begun.
  socket.subscribe('after', '{ __typename }');
  while ((await socket.receive()).type !== 'complete');
  return socket;
}

const paid = { id: '1', status: 'PAID', customer: ADA };

describe('listeners who want and may have the same', () => {
  it('get events of any length whole', async () => {
    const socket = await listen('1');
    await served.shop.changed.reaches(1);
    const messageOf = (status: string) => ({
      id: '1',
      type: 'next',
      payload: { data: { orderChanged: { status, customer: null } } },
    });
    const rest = JSON.stringify(messageOf('')).length;
    // Where the length of a frame is written in another way (RFC 6455, section 5.2), and one of bytes, not characters.
    const statuses = [125, 126, 127, 65_535, 65_536, 300_000].map((length) => 'x'.repeat(length - rest));
    for (const status of [...statuses, '€'.repeat(100)]) {
      served.shop.changed.publish({ id: '1', status, customer: null });
      expect(await socket.receive()).toEqual(messageOf(status));
    }
    await socket.close();
    await served.shop.changed.reaches(0);
  });

  it('are one upstream and one fill-in for each event, until the last one leaves', async () => {
    const sockets = await Promise.all(Array.from({ length: 25 }, () => listen('1')));
    await served.shop.changed.reaches(1);
    expect(served.shop.orders.sockets()).toBe(1);
    const before = served.shop.customers.requests.length;
    served.shop.changed.publish(paid);
    const messages = await Promise.all(sockets.map((socket) => socket.receive()));
    const data = { orderChanged: { status: 'PAID', customer: { name: 'ADA', viewer: 'nobody' } } };
    expect(messages).toEqual(sockets.map(() => ({ id: '1', type: 'next', payload: { data } })));
    expect(served.shop.customers.requests.length - before).toBe(1);

    const [last, ...others] = sockets;
    await Promise.all(others.map((socket) => socket.close()));
    served.shop.changed.publish(paid);
    expect(await last?.receive()).toMatchObject({ payload: { data } });
    expect(served.shop.changed.listeners).toBe(1);
    await last?.close();
    await served.shop.changed.reaches(0);
  });

  it('do not share with other variables or another user, who is filled in for on their own', async () => {
    const [ann, bob] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
    const tokens = await Promise.all([ann, ann, bob].map((subject) => served.issuer.token(subject)));
    const sockets = await Promise.all(tokens.map((token) => listen('1', token)));
    const other = await listen('2', tokens[0]);
    await served.shop.changed.reaches(3);
    served.shop.changed.publish(paid);
    const viewers = await Promise.all(
      sockets.map(async (socket) => {
        const { payload } = await socket.receive();
        return (payload as { data: { orderChanged: { customer: { viewer: string } } } }).data.orderChanged
          .customer.viewer;
      }),
    );
    expect(viewers).toEqual([ann, ann, bob]);
    await Promise.all([...sockets, other].map((socket) => socket.close()));
    await served.shop.changed.reaches(0);
  });

  it('are told the latest states when they join, and what is no state only when it happens', async () => {
    const first = await listen('1');
    await served.shop.changed.reaches(1);
    const statuses = ['a1', 'b1', 'PAID', 'a2'];
    for (const status of statuses) served.shop.changed.publish({ ...paid, status });
    const statusOf = async (socket: TestSocket) => {
      const { payload } = await socket.receive();
      return (payload as { data: { orderChanged: { status: string } } }).data.orderChanged.status;
    };
    for (const status of statuses) expect(await statusOf(first)).toBe(status);

    const second = await openSocket(served.gateway.endpoint);
    await second.init({});
    second.subscribe('1', ORDER_CHANGED, { id: '1' });
    expect([await statusOf(second), await statusOf(second)]).toEqual(['b1', 'a2']);
    served.shop.changed.publish({ ...paid, status: 'a3' });
    expect([await statusOf(first), await statusOf(second)]).toEqual(['a3', 'a3']);
    expect(served.shop.changed.listeners).toBe(1);
    await Promise.all([first.close(), second.close()]);
    await served.shop.changed.reaches(0);
  });

  it('get their events in order, however long each takes to be filled in', async () => {
    const socket = await listen('1');
    await served.shop.changed.reaches(1);
    const states = Array.from({ length: 50 }, (_, index) => String(index));
    // Every second event has nothing to be filled in, and so is done first.
    for (const [index, status] of states.entries()) {
      served.shop.changed.publish({ id: '1', status, customer: index % 2 ? null : ADA });
    }
    const received: unknown[] = [];
    for (const _ of states) {
      const { payload } = await socket.receive();
      received.push((payload as { data: { orderChanged: { status: string } } }).data.orderChanged.status);
    }
    expect(received).toEqual(states);
    await socket.close();
  });
});

describe('an event that cannot be filled in', () => {
  it('comes with what there is, and an error that tells nothing', async () => {
    const socket = await listen('1');
    await served.shop.changed.reaches(1);
    served.shop.changed.publish({ ...paid, customer: BROKEN });
    expect(await socket.receive()).toEqual({
      id: '1',
      type: 'next',
      payload: {
        data: { orderChanged: { status: 'PAID', customer: { name: null, viewer: 'nobody' } } },
        errors: [
          {
            message: 'Internal server error',
            path: ['orderChanged', 'customer', 'name'],
            extensions: {
              code: 'INTERNAL_SERVER_ERROR',
              subgraph: 'customers',
              requestId: expect.any(String),
            },
          },
        ],
      },
    });
    served.shop.changed.publish(paid);
    expect(await socket.receive()).toMatchObject({ payload: { data: { orderChanged: { status: 'PAID' } } } });
    await socket.close();
  });
});

describe('an upstream that ends', () => {
  const outcomes: [string, () => void, unknown][] = [
    ['completes', () => served.shop.changed.complete(), { type: 'complete' }],
    [
      'breaks',
      () => served.shop.orders.break(),
      { type: 'error', payload: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
    ],
    [
      'is closed, as if nothing were wrong',
      () => served.shop.orders.closeSockets(1000, 'bye'),
      { type: 'error', payload: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
    ],
    [
      'refuses the caller',
      () => served.shop.orders.closeSockets(4403, 'Forbidden'),
      { type: 'error', payload: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
    ],
  ];
  it.each(outcomes)('ends all listeners, and not their connections: it %s', async (_, end, expected) => {
    const sockets = await Promise.all([listen('1'), listen('1'), listen('2')]);
    await served.shop.changed.reaches(2);
    end();
    for (const socket of sockets) expect(await socket.receive()).toMatchObject(expected as object);
    await served.shop.changed.reaches(0);
    for (const socket of sockets) {
      socket.subscribe('again', ORDER_CHANGED, { id: '1' });
      await served.shop.changed.reaches(1);
    }
    served.shop.changed.publish(paid);
    for (const socket of sockets) {
      expect(await socket.receive()).toMatchObject({ id: 'again', type: 'next' });
      await socket.close();
    }
    await served.shop.changed.reaches(0);
  });
});
