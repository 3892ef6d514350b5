import { toGlobalId } from '@tributary/subgraph-kit';
import {
  identityHeaders,
  openSubscriber,
  type TestSubscriber,
  type TestSubscription,
  type TestViewer,
} from '@tributary/testing';
import type { Shop } from './shop.ts';

/** A step as a subscriber is told of it. */
export interface ToldStep {
  from: string | null;
  to: string;
  sequence: number;
  order: { id: string; status: string };
}

const STEP = '{ from to at sequence order { id status } }';
const OF_ORDER = `subscription ($id: ID!) { step: orderStatusChanged(orderId: $id) ${STEP} }`;
const OF_VIEWER = `subscription { step: viewerOrdersChanged ${STEP} }`;

/** Opens a WebSocket to the shop as somebody. */
export const connect = async (shop: Shop, viewer: TestViewer | null): Promise<TestSubscriber> =>
  openSubscriber(shop.subgraph.url, { headers: await identityHeaders(viewer) });

/** Listens to one order. @param orderId - uuid */
export const listenTo = (subscriber: TestSubscriber, orderId: string) =>
  subscriber.subscribe<{ step: ToldStep | null }>(OF_ORDER, { id: toGlobalId('Order', orderId) });

/** Listens to the orders of the subscriber itself. */
export const listenToOwn = (subscriber: TestSubscriber) =>
  subscriber.subscribe<{ step: ToldStep | null }>(OF_VIEWER);

/** What a subscription was told, such as `1 >PENDING_PAYMENT`. */
export const told = ({ results }: Pick<TestSubscription<{ step: ToldStep | null }>, 'results'>): string[] =>
  results.map(({ data, errors }) => {
    const step = data?.step;
    return step
      ? `${step.sequence} ${step.from ?? ''}>${step.to}`
      : (errors ?? []).map(({ extensions }) => extensions?.code).join(' ');
  });
