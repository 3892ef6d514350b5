import { join, sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import { fetchPage, type Page, type PageRequest } from '@tributary/subgraph-kit';
import { ORDER_COLUMNS, type OrderSort, orderOrder } from './order.rows.ts';
import { conditionsOf, type OrderCriteria } from './order-criteria.ts';

/** Reads the orders of all users. Who may read them is decided by the caller. */
export interface OrderService {
  /** @throws InputError when the cursor is not one of this list in this order */
  list(criteria: OrderCriteria, sort: OrderSort, page: PageRequest): Promise<Page<Order>>;
  /** How many orders fit. */
  count(criteria: OrderCriteria): Promise<number>;
}

export function createOrderService(prisma: PrismaClient): OrderService {
  return {
    list: (criteria, sort, page) =>
      fetchPage(
        prisma,
        {
          columns: ORDER_COLUMNS,
          from: sql`orders o`,
          where: conditionsOf(criteria),
          order: orderOrder(sort),
        },
        page,
      ),
    async count(criteria) {
      const rows = await prisma.$queryRaw<{ count: bigint }[]>(
        sql`SELECT count(*) FROM orders o WHERE ${join([sql`true`, ...conditionsOf(criteria)], ' AND ')}`,
      );
      return Number(rows[0]?.count);
    },
  };
}
