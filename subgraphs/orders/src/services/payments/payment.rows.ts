import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma } from '@tributary/prisma/orders/client';
import type { OrderPayment, PaymentState } from './payment-state.ts';

const ORDER_PAYMENT = sql`
  SELECT p.order_id AS "orderId", p.status, p.currency, p.amount_minor AS "amountMinor",
    p.provider_id AS "providerId", p.received_by_hand AS "receivedByHand", p.captured_minor AS "capturedMinor",
    p.refund_wanted_minor AS "refundWantedMinor", p.refunded_minor AS "refundedMinor",
    p.failure_reason AS "failureReason", p.created_at AS "createdAt", p.updated_at AS "updatedAt",
    o.status AS "orderStatus", o.placed_at AS "placedAt"
  FROM orders o JOIN payments p ON p.order_id = o.id`;

/** An order's payment; undefined when there is no such order. */
export async function readPayment(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  orderId: string,
): Promise<OrderPayment | undefined> {
  const [payment] = await tx.$queryRaw<OrderPayment[]>(sql`${ORDER_PAYMENT} WHERE o.id = ${orderId}::uuid`);
  return payment;
}

/** As `readPayment`; nobody else changes order or payment until the transaction ends. */
export async function lockPayment(
  tx: Prisma.TransactionClient,
  orderId: string,
): Promise<OrderPayment | undefined> {
  const [payment] = await tx.$queryRaw<OrderPayment[]>(sql`
    ${ORDER_PAYMENT} WHERE o.id = ${orderId}::uuid FOR UPDATE`);
  return payment;
}

/** Writes what changed. @returns whether anything did */
export async function writePayment(
  tx: Prisma.TransactionClient,
  payment: OrderPayment,
  state: PaymentState,
): Promise<boolean> {
  const fields = Object.keys(state) as (keyof PaymentState)[];
  if (fields.every((field) => state[field] === payment[field])) return false;
  await tx.payment.updateMany({ where: { orderId: payment.orderId }, data: state });
  return true;
}
