import type { Order } from '@tributary/prisma/orders/client';
import type { Eviction } from '@tributary/subgraph-kit';

/** What shows an order that is new or changed: itself, and the lists of its customer. */
export const evictionOfOrder = ({ id, userId }: Pick<Order, 'id' | 'userId'>): Eviction => ({
  entities: { Order: [id], User: [userId] },
});
