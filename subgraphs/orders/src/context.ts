import type { RequestContext } from '@tributary/subgraph-kit';
import type { Loaders } from './loaders/loaders.ts';
import type { OrderService } from './services/order.service.ts';

/** What resolvers work with, made anew for each request. */
export interface Context extends RequestContext {
  loaders: Loaders;
  orders: OrderService;
}
