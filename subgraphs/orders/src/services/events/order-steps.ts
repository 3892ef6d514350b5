import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { OrderStatus, PrismaClient } from '@tributary/prisma/orders/client';

/** One step in an order's life, as its history has it. */
export interface OrderStep {
  /** The order's uuid. */
  orderId: string;
  /** Null when it was placed. */
  from: OrderStatus | null;
  to: OrderStatus;
  at: Date;
  /** Which step of the order it is, from 1. */
  sequence: number;
}

/**
 * Reads all steps of those of a user's orders that took one lately, in the order in which they were taken.
 *
 * @param since - takes orders that changed at that time or later
 */
export const recentStepsOfUser = (prisma: PrismaClient, userId: string, since: Date): Promise<OrderStep[]> =>
  prisma.$queryRaw<OrderStep[]>(
    steps(sql`IN (
      SELECT id FROM orders WHERE user_id = ${userId}::uuid AND updated_at >= ${since.toISOString()}::timestamptz
    )`),
  );

/** Reads the steps of some orders, in the order in which they were taken. */
export const stepsOfOrders = (prisma: PrismaClient, orderIds: readonly string[]): Promise<OrderStep[]> =>
  prisma.$queryRaw<OrderStep[]>(steps(sql`= ANY (${[...orderIds]}::uuid[])`));

/** The time of a step is later than that of the step before, so that it numbers them. */
const steps = (orders: Sql) => sql`
  SELECT e.order_id AS "orderId", e.from_status AS "from", e.to_status AS "to", e.at,
    row_number() OVER (PARTITION BY e.order_id ORDER BY e.at, e.id)::integer AS sequence
  FROM order_events e WHERE e.order_id ${orders}
  ORDER BY e.at, e.id`;
