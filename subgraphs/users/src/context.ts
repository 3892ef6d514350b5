import type { RequestContext } from '@tributary/subgraph-kit';
import type { Loaders } from './loaders/loaders.ts';
import type { Services } from './services/services.ts';

/** What resolvers work with, made anew for each request. */
export interface Context extends RequestContext, Services {
  loaders: Loaders;
}
