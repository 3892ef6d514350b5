import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, OrderEvent, OrderLine, Payment, PrismaClient } from '@tributary/prisma/orders/client';
import {
  allOf,
  createChildrenLoader,
  createParentLoader,
  createRowLoader,
  emptyPage,
  fetchPages,
  type Page,
  type PageRequest,
} from '@tributary/subgraph-kit';
import {
  EVENT_COLUMNS,
  EVENT_ORDER,
  ORDER_COLUMNS,
  type OrderSort,
  orderOrder,
} from '../services/order.rows.ts';
import { conditionsOf, type OrderCriteria } from '../services/order-criteria.ts';

/** What is asked of a user's orders. */
export interface OrdersOfUserRequest {
  criteria: OrderCriteria;
  sort: OrderSort;
  page: PageRequest;
}

/** Ways of looking orders up, and what belongs to them. */
export const createOrderLoaders = (prisma: PrismaClient) => ({
  orderById: createRowLoader<Order>(
    (ids) => prisma.order.findMany({ where: { id: { in: [...ids] } } }),
    (order) => order.id,
  ),
  orderByNumber: createRowLoader<Order>(
    (numbers) =>
      prisma.$queryRaw<Order[]>(sql`
        SELECT ${ORDER_COLUMNS} FROM order_numbers n JOIN orders o ON o.id = n.order_id
        WHERE n.number = ANY (${[...numbers]}::text[])`),
    (order) => order.number,
  ),
  ordersOfUser: createParentLoader<OrdersOfUserRequest, Page<Order>>(
    (userIds, { criteria, sort, page }) =>
      fetchPages(
        prisma,
        {
          columns: ORDER_COLUMNS,
          from: sql`orders o`,
          where: conditionsOf(criteria),
          order: orderOrder(sort),
        },
        { column: sql`o.user_id`, ids: userIds },
        page,
      ),
    ({ sort }) => emptyPage(orderOrder(sort)),
  ),
  orderCountOfUser: createParentLoader<OrderCriteria, number>(
    (userIds, criteria) => countByUser(prisma, userIds, criteria),
    () => 0,
  ),
  linesOfOrder: createChildrenLoader<OrderLine>(
    (orderIds) =>
      prisma.orderLine.findMany({ where: { orderId: { in: [...orderIds] } }, orderBy: { position: 'asc' } }),
    (line) => line.orderId,
  ),
  paymentOfOrder: createRowLoader<Payment>(
    (orderIds) => prisma.payment.findMany({ where: { orderId: { in: [...orderIds] } } }),
    (payment) => payment.orderId,
  ),
  historyOfOrder: createParentLoader<PageRequest, Page<OrderEvent>>(
    (orderIds, page) =>
      fetchPages(
        prisma,
        { columns: EVENT_COLUMNS, from: sql`order_events e`, where: [], order: EVENT_ORDER },
        { column: sql`e.order_id`, ids: orderIds },
        page,
      ),
    () => emptyPage(EVENT_ORDER),
  ),
});

async function countByUser(
  prisma: PrismaClient,
  userIds: readonly string[],
  criteria: OrderCriteria,
): Promise<Map<string, number>> {
  const ofUsers = sql`o.user_id = ANY (${[...userIds]}::uuid[])`;
  const rows = await prisma.$queryRaw<{ userId: string; count: bigint }[]>(sql`
    SELECT o.user_id AS "userId", count(*) FROM orders o
    WHERE ${allOf([ofUsers, ...conditionsOf(criteria)])}
    GROUP BY o.user_id`);
  return new Map(rows.map(({ userId, count }) => [userId, Number(count)]));
}
