import type { PrismaClient } from '@tributary/prisma/products/client';
import {
  type ChangeFeed,
  createEventSource,
  type EventSource,
  hasRole,
  InputError,
  type Viewer,
  type Watch,
} from '@tributary/subgraph-kit';
import { type StockStatus, stockStatusOf } from '../stock.ts';
import { maySeeVariant } from '../visibility.ts';
import { readStock, type StockState } from './stock-states.ts';

/**
 * What there is of variants, now and whenever it has changed. It is read when an event of the bus says so; one that is
 * lost or late costs a listener nothing once it is told again to look.
 */
export interface StockSubscriptions {
  /**
   * @param viewer - hears of variants that they may see: staff of each change, others of what they can see of it
   * @param variantIds - uuids
   * @throws InputError when there are none, or more than 100
   */
  ofVariants(viewer: Viewer | null, variantIds: readonly string[]): EventSource<StockState>;
}

const MAX_VARIANTS = 100;

export const createStockSubscriptions = (prisma: PrismaClient, feed: ChangeFeed): StockSubscriptions => ({
  ofVariants(viewer, variantIds) {
    if (variantIds.length === 0 || variantIds.length > MAX_VARIANTS) {
      const message = `Ask for 1 to ${MAX_VARIANTS} variants.`;
      throw new InputError('INVALID_ARGUMENT', 'variantIds', message);
    }
    const ids = [...new Set(variantIds)];
    return createEventSource(
      feed,
      ids,
      ({ variantId }) => variantId,
      (watch) => follow(prisma, watch, viewer, ids),
    );
  },
});

async function* follow(
  prisma: PrismaClient,
  watch: Watch,
  viewer: Viewer | null,
  variantIds: readonly string[],
): AsyncGenerator<StockState, void> {
  const seesPieces = hasRole(viewer, 'STAFF');
  const told = new Map<string, { sequence: number; status: StockStatus }>();
  let ids = variantIds;
  for (;;) {
    for (const state of await readStock(prisma, ids)) {
      const before = told.get(state.variantId);
      const status = stockStatusOf(state.inventory);
      if (!maySeeVariant(viewer, state)) continue;
      if (before && state.sequence <= before.sequence) continue;
      told.set(state.variantId, { sequence: state.sequence, status });
      // Each sale would tell whoever listens how much is sold of what.
      if (seesPieces || before?.status !== status) yield state;
    }
    const changes = await watch.next();
    if (changes === null) return;
    ids = changes.missed ? variantIds : [...changes.subjects];
  }
}
