import type { Context } from '../../context.ts';

/** One request may have several mutations, of which each has to show carts as they are then. */
export function forgetCarts({ loaders }: Context): void {
  for (const loader of [loaders.cartById, loaders.cartOfUser, loaders.linesOfCart, loaders.cartLineById])
    loader.clearAll();
}
