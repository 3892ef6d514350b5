import type { RequestContext } from '@tributary/subgraph-kit';
import type { Loaders } from './loaders/loaders.ts';
import type { UserService } from './services/user.service.ts';

/** What resolvers work with, made anew for each request. */
export interface Context extends RequestContext {
  loaders: Loaders;
  users: UserService;
}
