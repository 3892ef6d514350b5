import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import { createAuditTrail, createEvictions } from '@tributary/subgraph-kit';
import { orderPlaced } from '../../src/services/order-placed.ts';
import { cartId, orderRow, userId, variantId } from './fixtures.ts';

/** Places the n-th order, of user n unless said otherwise, as `orderPlace` does at its end: 10.50 €, just now. */
export async function placeOrder(
  prisma: PrismaClient,
  n: number,
  changes: Partial<Order> = {},
): Promise<Order> {
  const placedAt = new Date();
  const order = orderRow(n, {
    userId: userId(n),
    status: 'PENDING_PAYMENT',
    placedAt,
    updatedAt: changes.placedAt ?? placedAt,
    ...changes,
  });
  const audit = createAuditTrail(prisma, {
    viewer: { userId: order.userId, role: 'CUSTOMER' },
    service: null,
    requestId: 'placing',
  });
  await prisma.$transaction(async (tx) => {
    await tx.order.create({ data: order });
    await tx.orderLine.create({
      data: {
        orderId: order.id,
        position: 0,
        variantId: variantId(0),
        sku: 'SKU-0',
        title: 'Thing 0',
        quantity: 3,
        unitPriceMinor: 350n,
      },
    });
    await orderPlaced(tx, order, cartId(n), { audit, evictions: createEvictions(false) });
  });
  return order;
}

/** The steps that an order took, such as `PENDING_PAYMENT>PAID`; the first has nothing before. */
export async function stepsOf(prisma: PrismaClient, orderId: string): Promise<string[]> {
  const events = await prisma.orderEvent.findMany({
    where: { orderId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  return events.map(({ fromStatus, toStatus }) => `${fromStatus ?? ''}>${toStatus}`);
}
