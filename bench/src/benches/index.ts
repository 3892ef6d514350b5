import type { Bench } from '../harness/bench.ts';
import { abuseBench } from './abuse/abuse.bench.ts';
import { cacheBench } from './cache/cache.bench.ts';
import { checkoutBench } from './checkout/checkout.bench.ts';
import { gatewayBench } from './gateway/gateway.bench.ts';
import { graphBench } from './graph/graph.bench.ts';
import { overloadBench } from './overload/overload.bench.ts';
import { subscriptionsBench } from './subscriptions/subscriptions.bench.ts';
import { tracingBench } from './tracing/tracing.bench.ts';

/** The benchmarks, by the name that `npm run bench -- NAME` knows them by. */
export const benches: Readonly<Record<string, Bench>> = {
  gateway: gatewayBench,
  graph: graphBench,
  checkout: checkoutBench,
  subscriptions: subscriptionsBench,
  cache: cacheBench,
  abuse: abuseBench,
  overload: overloadBench,
  tracing: tracingBench,
};
