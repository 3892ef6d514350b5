import type { OperationName } from './costs.ts';

/** What clients ask for, at the busiest time. */
export interface Traffic {
  /** Orders placed a second. */
  ordersPerSecond: number;
  /** Queries a second, those that a CDN answers included. */
  readsPerSecond: number;
  /** Listeners at once. */
  subscriptions: number;
  /** Events a second that each listener gets. */
  eventsPerListener: number;
  /** Share of the queries that is about who asks (their orders), so that nobody else may be given the answer. */
  personalShare: number;
  /** Share of the other queries that a CDN answers. */
  cdnShare: number;
  /** Share of those that reach the gateway and are in its memory. */
  memoryHits: number;
  /** Share of those that are not in its memory and are in Redis. */
  redisHits: number;
  /** How many times the mean the busiest time is. */
  peakFactor: number;
}

/** Rates of everything that costs something, a second. */
export interface Flow {
  /** Queries that the CDN answers. */
  cdn: number;
  /** Answers from the gateway's memory. */
  memoryHits: number;
  /** Answers from Redis. */
  redisHits: number;
  /** Operations that are run, by what they are. */
  run: Record<OperationName, number>;
  /** Messages to listeners. */
  messages: number;
}

/** Where requests are answered: each layer passes on what it has not. @param traffic - at its busiest */
export function flowOf(traffic: Traffic): Flow {
  const personal = traffic.readsPerSecond * traffic.personalShare;
  const shared = traffic.readsPerSecond - personal;
  const cdn = shared * traffic.cdnShare;
  const memoryHits = (shared - cdn) * traffic.memoryHits;
  const redisHits = (shared - cdn - memoryHits) * traffic.redisHits;
  return {
    cdn,
    memoryHits,
    redisHits,
    run: {
      productPage: shared - cdn - memoryHits - redisHits,
      crossing: personal,
      order: traffic.ordersPerSecond,
    },
    messages: traffic.subscriptions * traffic.eventsPerListener,
  };
}

/** Requests a second that reach a gateway. */
export const atGateways = ({ memoryHits, redisHits, run }: Flow): number =>
  memoryHits + redisHits + run.productPage + run.crossing + run.order;
