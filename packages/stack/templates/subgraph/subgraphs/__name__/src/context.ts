import type { RequestContext } from '@tributary/subgraph-kit';
import type { Loaders } from './loaders/loaders.ts';
import type { __Type__Service } from './services/__file__.service.ts';

/** What resolvers work with, made anew for each request. */
export interface Context extends RequestContext {
  loaders: Loaders;
  __fields__: __Type__Service;
}
