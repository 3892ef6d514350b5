import type { Task } from '@tributary/jobs';
import type { EventBus, Invalidator } from '@tributary/platform';
import { evict } from '@tributary/subgraph-kit';
import { STOCK_TAG } from '../services/catalogue/catalogue-eviction.ts';
import { publishStock, stockChanged } from '../services/events/stock-feed.ts';

/**
 * The job that tells of stock that has changed. First what was kept of it is forgotten: who hears of the change may ask
 * again.
 *
 * @param invalidator - null where nobody is to be told to forget
 */
export const createPublishStock =
  (events: EventBus, invalidator: Invalidator | null): Task =>
  async (payload) => {
    const { variantIds } = stockChanged.parse(payload);
    if (invalidator)
      await evict(invalidator, { entities: { ProductVariant: variantIds }, tags: [STOCK_TAG] });
    await publishStock(events, { variantIds });
  };
