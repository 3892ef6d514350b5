import { resolvers as orders } from '@tributary/orders/parts';
import { resolvers as products } from '@tributary/products/parts';
import { resolvers as users } from '@tributary/users/parts';
import type { Context } from './context.ts';
import { links } from './links.ts';
import { bind, mergeResolvers, type ResolverMap } from './resolver-map.ts';

/**
 * The subgraphs' own resolvers, each with its own context, and what joins them. Those of a subgraph that knows no
 * more of a type than its id come first, so that the owner's stand. Only reading is compared.
 */
export const resolvers: ResolverMap<Context> = mergeResolvers(
  bind(readingOf(orders), (context: Context) => context.orders),
  bind(readingOf(products), (context: Context) => context.products),
  bind(readingOf(users), (context: Context) => context.users),
  links,
);

function readingOf({
  Mutation: _,
  Subscription: __,
  ...others
}: {
  Mutation?: object;
  Subscription?: object;
}): object {
  return others;
}
