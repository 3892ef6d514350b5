import type { EventBus } from '@tributary/platform';
import { type ChangeFeed, createChangeFeed } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** That what can be sold of variants has changed, by their uuids. Triggers of the database add the job with it. */
export const stockChanged = z.object({ variantIds: z.array(z.uuid()) });

/** Topic of the stock of all variants. */
const TOPIC = 'stockChanged';

/** Tells all processes of a change. @throws when it cannot be told now */
export const publishStock = (bus: EventBus, change: z.infer<typeof stockChanged>): Promise<void> =>
  bus.publish(TOPIC, change);

/** Wakes those who watch a variant, by its uuid. */
export const createStockFeed = (bus: EventBus): ChangeFeed =>
  createChangeFeed(bus, TOPIC, (event) =>
    stockChanged.parse(event).variantIds.map((id) => ({ key: id, subject: id })),
  );
