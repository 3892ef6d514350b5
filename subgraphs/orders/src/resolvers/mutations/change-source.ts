import { type RequestContext, unauthenticated } from '@tributary/subgraph-kit';
import type { ChangeSource } from '../../services/order-changes.service.ts';

/**
 * On whose request a mutation changes something.
 *
 * @throws GraphQLError `UNAUTHENTICATED` when nobody is signed in, as `@authenticated` has found out before
 */
export function sourceOf({ viewer, audit }: RequestContext): ChangeSource {
  if (!viewer) throw unauthenticated();
  return { viewer, audit };
}
