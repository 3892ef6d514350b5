import type { Tasks } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { type Evictions, Refusal } from '@tributary/subgraph-kit';
import type { Inventory } from '../services/inventory.ts';
import { type Actor, transition } from '../services/order-transition.ts';
import { orderIdOf } from './payload.ts';

export interface StockJobsOptions {
  prisma: PrismaClient;
  inventory: Inventory;
  evictions: Evictions;
  system: Actor;
}

/** What orders have products do with the stock. */
export const createStockJobs = ({ prisma, inventory, evictions, system }: StockJobsOptions) =>
  ({
    /** An order whose stock is gone, because this came after it had expired, is cancelled. */
    'stock.confirm': async (payload, { logger }) => {
      const orderId = orderIdOf(payload);
      if (await inventory.confirm(orderId)) return;
      try {
        await prisma.$transaction((tx) =>
          transition(tx, { orderId, to: 'CANCELLED', by: system, reason: 'out of stock' }, evictions),
        );
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        logger.info({ orderId, reason: error.message }, 'an order without stock need not be cancelled');
      }
    },
    'stock.release': async (payload) => inventory.release(orderIdOf(payload)),
  }) satisfies Tasks;
