import { type EventSubgraph, startEventSubgraph } from './event-subgraph.ts';
import { Topic } from './topic.ts';

export interface Order {
  id: string;
  status: string;
  customer?: { id: string } | null;
}

/** Two subgraphs: orders, which has subscriptions, and customers, which fills in. */
export interface Shop {
  orders: EventSubgraph;
  customers: EventSubgraph;
  /** Events of `orderChanged`. */
  changed: Topic<Order>;
  /** Arguments of every `orderChanged` that was begun, and who began it. */
  begun: {
    id: string;
    subject: string | undefined;
    address: string | null | undefined;
    headers: Record<string, unknown>;
    payload: unknown;
  }[];
  stop(): Promise<void>;
}

/** An event with such a status tells the state of what its first letter names. */
const STATE = /^[a-z]\d$/;

export const ADA = { id: 'ada' };
/** `Customer.name` fails for this one, with a secret. */
export const BROKEN = { id: 'broken' };

export async function startShop(): Promise<Shop> {
  const changed = new Topic<Order>();
  const begun: Shop['begun'] = [];
  const orders = await startEventSubgraph(
    'orders',
    `type Query { order: Order }
    type Mutation { advance(status: String!): Order }
    type Subscription {
      orderChanged(id: ID!): Order
      refused: Int
      broken: Int
      ticks(count: Int!): Int
    }
    type Order @key(fields: "id") { id: ID! status: String! customer: Customer }
    type Customer @key(fields: "id", resolvable: false) { id: ID! }`,
    {
      Query: { order: () => ({ id: '1', status: 'NEW', customer: ADA }) },
      Mutation: {
        advance: (_source, { status }: { status: string }) => {
          const order = { id: '1', status, customer: ADA };
          changed.publish(order);
          return order;
        },
      },
      Subscription: {
        orderChanged: {
          subscribe: (_source, { id }: { id: string }, { caller, headers, connectionParams }) => {
            begun.push({
              id,
              subject: caller?.identity?.subject,
              address: caller?.clientAddress,
              headers,
              payload: connectionParams,
            });
            return changed.listen();
          },
          resolve: (order: Order) => order,
        },
        refused: {
          subscribe: () => {
            throw new Error('password=hunter2');
          },
        },
        broken: {
          async *subscribe() {
            yield 1;
            throw new Error('password=hunter2');
          },
          resolve: (value: number) => value,
        },
        ticks: {
          async *subscribe(_source: never, { count }: { count: number }) {
            for (let tick = 1; tick <= count; tick++) yield tick;
          },
          resolve: (tick: number) => tick,
        },
      },
    },
    (data) => {
      const { status } = (data as { orderChanged?: Partial<Order> } | null)?.orderChanged ?? {};
      return STATE.test(status ?? '') ? { stateKey: status?.[0] } : {};
    },
  );
  const customers = await startEventSubgraph(
    'customers',
    'type Query { customers: Int } type Customer @key(fields: "id") { id: ID! name: String viewer: String }',
    {
      Customer: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: ({ id }: { id: string }) => {
          if (id === BROKEN.id) throw new Error('password=hunter2');
          return id.toUpperCase();
        },
        viewer: (_source, _args, { caller }) => caller?.identity?.subject ?? 'nobody',
      },
    },
  );
  return {
    orders,
    customers,
    changed,
    begun,
    async stop() {
      await Promise.all([orders.stop(), customers.stop()]);
    },
  };
}

/** A subscription that is filled in by the other subgraph. */
export const ORDER_CHANGED = `subscription ($id: ID!) { orderChanged(id: $id) { status customer { name viewer } } }`;
