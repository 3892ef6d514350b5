import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the HTTP request that is being answered, wherever the code is. */
export interface RequestScope {
  requestId: string;
}

/**
 * Carries the request's id to where Apollo Server gives no context, such as the formatting of errors. Entered
 * once for each GraphQL request, after its body has been read.
 */
export const requestScope = new AsyncLocalStorage<RequestScope>();
