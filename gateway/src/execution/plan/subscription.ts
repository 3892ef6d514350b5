import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { SubgraphAnswer } from '../../transport/answer.ts';
import type { SubgraphSender } from '../execution.ts';

/** The plan of a subscription: a subscription to one subgraph, and what is fetched for each of its events. */
type SubscriptionNode = Extract<NonNullable<QueryPlan['node']>, { kind: 'Subscription' }>;

/** The subscription to a subgraph that a client's subscription is made of. */
export interface EventSource {
  subgraph: string;
  /** The GraphQL document. */
  query: string;
  operationName: string | undefined;
  /** The client's variables that it uses. */
  variables: readonly string[];
}

/** Where the events of a subscription come from. */
export const sourceOf = ({ primary }: SubscriptionNode): EventSource => ({
  subgraph: primary.serviceName,
  query: primary.operation,
  operationName: primary.operationName,
  variables: primary.variableUsages ?? [],
});

/** The plan for one event: it begins with the fetch that the event is the answer to. */
export const eventPlan = ({ primary, rest }: SubscriptionNode): FetchNode | PlanNode =>
  rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary;

/** Answers the first fetch with an event, and sends the others. */
export function first(event: SubgraphAnswer, send: SubgraphSender): SubgraphSender {
  let isFirst = true;
  return (request) => {
    if (!isFirst) return send(request);
    isFirst = false;
    return Promise.resolve(event);
  };
}
