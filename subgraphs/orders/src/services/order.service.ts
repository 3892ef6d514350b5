import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import { countRows, fetchPage, type Page, type PageRequest } from '@tributary/subgraph-kit';
import { ORDER_COLUMNS, type OrderSort, orderOrder } from './order.rows.ts';
import { conditionsOf, type OrderCriteria } from './order-criteria.ts';

/** Reads the orders of all users. Who may read them is decided by the caller. */
export interface OrderService {
  /** @throws InputError when the cursor is not one of this list in this order */
  list(criteria: OrderCriteria, sort: OrderSort, page: PageRequest): Promise<Page<Order>>;
  /** How many orders fit. */
  count(criteria: OrderCriteria): Promise<number>;
}

const ORDERS = sql`orders o`;

export function createOrderService(prisma: PrismaClient): OrderService {
  return {
    list: (criteria, sort, page) =>
      fetchPage(
        prisma,
        {
          columns: ORDER_COLUMNS,
          from: ORDERS,
          where: conditionsOf(criteria),
          order: orderOrder(sort),
        },
        page,
      ),
    count: (criteria) => countRows(prisma, { from: ORDERS, where: conditionsOf(criteria) }),
  };
}
