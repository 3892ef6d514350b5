import { randomBytes } from 'node:crypto';
import type { OrderStatus, PrismaClient } from '@tributary/prisma/orders/client';
import { orderRow, variantId } from './fixtures.ts';

/** A UUID version 7 (RFC 9562) of a moment. */
export function idAt(time: Date): string {
  const ms = time.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(9).toString('hex');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6)}`;
}

/** The middle of the month that is so many months from now. */
export function middleOf(months: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15, 12));
}

let written = 0;

/** Writes an order of the time, with two lines, two events and a payment. @returns its uuid */
export async function writeOrderAt(
  prisma: PrismaClient,
  time: Date,
  userId: string,
  status: OrderStatus = 'DELIVERED',
): Promise<string> {
  const id = idAt(time);
  const number = `TR-M0NT-${(written++).toString().padStart(4, '0')}`;
  await prisma.order.create({
    data: orderRow(0, { id, number, userId, status, placedAt: time, updatedAt: time }),
  });
  const line = {
    orderId: id,
    variantId: variantId(0),
    sku: 'SKU',
    title: 'Thing',
    unitPriceMinor: 1n,
    quantity: 1,
  };
  await prisma.orderLine.createMany({ data: [0, 1].map((position) => ({ ...line, position })) });
  await prisma.orderEvent.createMany({
    data: [
      { orderId: id, toStatus: 'PENDING_PAYMENT', actorId: userId, reason: 'because', at: time },
      { orderId: id, fromStatus: 'PENDING_PAYMENT', toStatus: 'PAID', at: time },
    ],
  });
  await prisma.payment.create({
    data: { orderId: id, currency: 'EUR', amountMinor: 1050n, status: 'SUCCEEDED', providerId: `pay_${id}` },
  });
  return id;
}
