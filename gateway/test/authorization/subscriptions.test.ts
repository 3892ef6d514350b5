import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '@tributary/testing';
import { type EventSubgraph, startEventSubgraph } from '../subscriptions/support/event-subgraph.ts';
import { openSocket, type TestSocket } from '../subscriptions/support/socket.ts';
import { Topic } from '../subscriptions/support/topic.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { bearerOf } from './support/forum.ts';

interface Order {
  id: string;
  status: string;
  total: number;
  customer: { id: string };
}

const ORDER: Order = { id: '1', status: 'PAID', total: 9, customer: { id: 'ada' } };
const WHOLE = { status: 'PAID', total: 9, customer: { name: 'ADA', phone: '555' } };
const QUERY = 'subscription { changed { status total customer { name phone } } }';

const changed = new Topic<Order>();
let issuer: TestIssuer;
let subgraphs: EventSubgraph[];
let gateway: TestGateway;
/** Whether the policy lets in. */
let isFriend: boolean;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  subgraphs = await Promise.all([
    startEventSubgraph(
      'orders',
      `type Query { order: Order }
      type Subscription { changed: Order  audit: Order @federation__requiresScopes(scopes: [["admin"]]) }
      type Order @key(fields: "id") {
        id: ID!
        status: String
        total: Int @federation__requiresScopes(scopes: [["staff"]])
        customer: Customer
      }
      type Customer @key(fields: "id", resolvable: false) { id: ID! }`,
      {
        Subscription: {
          changed: { subscribe: () => changed.listen(), resolve: (order: Order) => order },
          audit: { subscribe: () => changed.listen(), resolve: (order: Order) => order },
        },
      },
    ),
    startEventSubgraph(
      'customers',
      `type Query { customers: Int }
      type Customer @key(fields: "id") {
        id: ID!
        name: String @federation__authenticated
        phone: String @federation__policy(policies: [["friends"]])
      }`,
      {
        Customer: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          name: ({ id }: { id: string }) => id.toUpperCase(),
          phone: () => '555',
        },
      },
    ),
  ]);
  gateway = await startTestGateway(
    subgraphs,
    { ...issuer.settings, INTERNAL_SECRET: TEST_SECRET },
    { policies: async () => new Map([['friends', isFriend]]) },
  );
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([issuer, ...(subgraphs ?? [])].map((one) => one?.stop()));
});
beforeEach(() => {
  isFriend = true;
});
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  await changed.reaches(0);
});

/** Subscribes as somebody with these scopes; null is nobody. */
async function listen(scopes: string[] | null, query = QUERY): Promise<TestSocket> {
  const socket = await openSocket(gateway.endpoint);
  sockets.push(socket);
  await socket.init(scopes ? await bearerOf(issuer, scopes) : {});
  socket.subscribe('1', query);
  return socket;
}

/** The data of an event as a socket gets it, and what of it was denied. */
async function event(socket: TestSocket) {
  const { type, payload } = await socket.receive();
  const { data, errors = [] } = payload as {
    data: { changed: unknown };
    errors?: { extensions: { affectedPath: string } }[];
  };
  return { type, order: data.changed, denied: errors.map(({ extensions }) => extensions.affectedPath) };
}

describe('a subscription', () => {
  it('gives each listener of each event what is for them', async () => {
    const [staff, known, nobody] = [await listen(['staff']), await listen([]), await listen(null)];
    await changed.reaches(3);
    for (let i = 0; i < 2; i++) {
      changed.publish(ORDER);
      expect(await event(staff)).toEqual({ type: 'next', order: WHOLE, denied: [] });
      expect(await event(known)).toEqual({
        type: 'next',
        order: { ...WHOLE, total: null },
        denied: ['changed.total'],
      });
      expect(await event(nobody)).toEqual({
        type: 'next',
        order: { ...WHOLE, total: null, customer: { name: null, phone: '555' } },
        denied: ['changed.total', 'changed.customer.name'],
      });
    }
  });

  it('asks no other subgraph for what is not for the listener', async () => {
    isFriend = false;
    const socket = await listen(null);
    await changed.reaches(1);
    const before = subgraphs.map(({ requests }) => requests.length);
    changed.publish(ORDER);
    expect(await event(socket)).toEqual({
      type: 'next',
      order: { status: 'PAID', total: null, customer: null },
      denied: ['changed.total', 'changed.customer.name', 'changed.customer.phone'],
    });
    expect(subgraphs.map(({ requests }) => requests.length)).toEqual(before);
  });

  it('that is not for who asks is never begun', async () => {
    const socket = await listen(['staff'], 'subscription { audit { status } }');
    expect(await socket.receive()).toMatchObject({
      type: 'error',
      payload: [
        { path: ['audit'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', affectedPath: 'audit' } },
      ],
    });
    expect(changed.listeners).toBe(0);
    expect((await listen(['admin'], 'subscription { audit { status } }')).socket.readyState).toBe(1);
    await changed.reaches(1);
  });

  it('is not shared by listeners about whom policies decide otherwise, and ends when one does later', async () => {
    const [first, second] = [await listen([]), await listen([])];
    await changed.reaches(1);
    changed.publish(ORDER);
    expect((await event(first)).order).toMatchObject({ customer: { phone: '555' } });
    expect((await event(second)).order).toMatchObject({ customer: { phone: '555' } });
    isFriend = false;
    const third = await listen([]);
    await changed.reaches(2);
    changed.publish(ORDER);
    expect((await event(third)).order).toMatchObject({ customer: { name: 'ADA', phone: null } });
    for (const socket of [first, second]) {
      expect(await socket.receive()).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'AUTHORIZATION_CHANGED' } }],
      });
    }
    await changed.reaches(1);
  });
});
