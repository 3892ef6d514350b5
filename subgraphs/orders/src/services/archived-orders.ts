import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, OrderEvent, OrderLine, Payment, PrismaClient } from '@tributary/prisma/orders/client';
import { groupBy } from '@tributary/subgraph-kit';
import { EVENT_COLUMNS, ORDER_COLUMNS } from './order.rows.ts';

type Line = Pick<OrderLine, 'orderId' | 'sku' | 'title' | 'quantity' | 'unitPriceMinor'>;
type Money = Pick<Payment, 'orderId' | 'status' | 'capturedMinor' | 'refundedMinor'>;

/** An order with what a person is told of it. */
export interface PersonsOrder extends Order {
  lines: readonly Line[];
  events: readonly OrderEvent[];
  payment: Money | null;
}

/**
 * Reads orders of a person that were archived: the graph does not show them, and they are the person's all the same.
 *
 * @param after - uuid of the order before the first
 */
export async function readArchivedOrders(
  prisma: PrismaClient,
  userId: string,
  after: string | null,
  limit: number,
): Promise<PersonsOrder[]> {
  const isLater = after === null ? sql`true` : sql`o.id > ${after}::uuid`;
  const orders = await prisma.$queryRaw<Order[]>(sql`
    SELECT ${ORDER_COLUMNS} FROM archive.orders o WHERE o.user_id = ${userId}::uuid AND ${isLater}
    ORDER BY o.id LIMIT ${limit}::integer`);
  if (orders.length === 0) return [];
  const ids = orders.map(({ id }) => id);
  const partsOf = async <Part extends { orderId: string }>(select: Sql): Promise<Map<string, Part[]>> =>
    groupBy(await prisma.$queryRaw<Part[]>(select), ({ orderId }) => orderId);
  const lines = await partsOf<Line>(sql`
    SELECT l.order_id AS "orderId", l.sku, l.title, l.quantity, l.unit_price_minor AS "unitPriceMinor"
    FROM archive.order_lines l WHERE l.order_id = ANY (${ids}::uuid[]) ORDER BY l.position`);
  const events = await partsOf<OrderEvent>(sql`
    SELECT ${EVENT_COLUMNS} FROM archive.order_events e WHERE e.order_id = ANY (${ids}::uuid[])
    ORDER BY e.at, e.id`);
  const payments = await partsOf<Money>(sql`
    SELECT p.order_id AS "orderId", p.status, p.captured_minor AS "capturedMinor", p.refunded_minor AS "refundedMinor"
    FROM archive.payments p WHERE p.order_id = ANY (${ids}::uuid[])`);
  return orders.map((order) => ({
    ...order,
    lines: lines.get(order.id) ?? [],
    events: events.get(order.id) ?? [],
    payment: payments.get(order.id)?.[0] ?? null,
  }));
}
