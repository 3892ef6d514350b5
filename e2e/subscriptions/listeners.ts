import {
  type AnswerError,
  openSubscriber,
  type SubscriptionResult,
  type TestSubscriber,
  type TestSubscription,
} from '@tributary/testing';

/** A step of an order, with fields of all three subgraphs. */
export interface Step {
  from: string | null;
  to: string;
  sequence: number;
  order: {
    id: string;
    status: string;
    lines: { quantity: number; variant: { product: { title: string } } }[];
    customer: { displayName: string };
  };
}

const STEP = `{ from to sequence order {
  id status lines { quantity variant { product { title } } } customer { displayName }
} }`;
const OF_ORDER = `subscription ($id: ID!) { step: orderStatusChanged(orderId: $id) ${STEP} }`;
const OF_VIEWER = `subscription { step: viewerOrdersChanged ${STEP} }`;

/** Listens to steps of orders. */
export type StepListener = TestSubscription<{ step: Step | null }>;

/**
 * Opens a WebSocket to a gateway as a browser's client does, with the token in `connection_init`.
 *
 * @param gateway - without a path
 */
export const connect = (gateway: string, authorization: Record<string, string> = {}): TestSubscriber =>
  openSubscriber(`${gateway}/graphql`, { connectionParams: authorization });

/** Listens to one order. @param id - global */
export const listenToOrder = (subscriber: TestSubscriber, id: string): StepListener =>
  subscriber.subscribe(OF_ORDER, { id });

/** Listens to the orders of who is signed in. */
export const listenToOwn = (subscriber: TestSubscriber): StepListener => subscriber.subscribe(OF_VIEWER);

/** What a listener was told, such as `1 PENDING_PAYMENT`; or the codes of the errors. */
export const told = (listener: { results: SubscriptionResult<{ step: Step | null }>[] }): string[] =>
  listener.results.map(({ data, errors }) => {
    const step = data?.step;
    return step && !errors ? `${step.sequence} ${step.to}` : codesOf(errors);
  });

/** Codes of errors, with a blank between. */
export const codesOf = (errors: readonly AnswerError[] = []): string =>
  errors.map(({ extensions }) => extensions?.code).join(' ');
