import { sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs } from '@tributary/jobs';
import type { Order, Prisma } from '@tributary/prisma/orders/client';
import { type AuditTrail, type Evictions, uuidV7 } from '@tributary/subgraph-kit';
import { tellOfStep } from './events/order-feed.ts';
import { evictionOfOrder } from './order-eviction.ts';
import { firstCheck } from './payments/check-times.ts';

/** What an order begins with. */
export type PlacedOrder = Pick<Order, 'id' | 'number' | 'userId' | 'currency' | 'totalMinor' | 'placedAt'>;

/** On whose request an order is placed. */
export interface PlacingSource {
  audit: AuditTrail;
  evictions: Evictions;
}

/**
 * Writes what goes with a new order: the first step of its history, its payment, the audit entry, and the jobs that
 * confirm its stock, ask for its money and tell of it.
 *
 * @param tx - the transaction that inserts the order; it has to be there already
 * @param cartId - uuid of the cart that it was, which is gone
 */
export async function orderPlaced(
  tx: Prisma.TransactionClient,
  { id: orderId, number, userId, currency, totalMinor, placedAt }: PlacedOrder,
  cartId: string,
  { audit, evictions }: PlacingSource,
): Promise<void> {
  const at = placedAt.toISOString();
  await tx.$executeRaw(sql`
    WITH event AS (
      INSERT INTO order_events (id, order_id, to_status, actor_id, at)
      VALUES (${uuidV7()}::uuid, ${orderId}::uuid, 'PENDING_PAYMENT', ${userId}::uuid, ${at}::timestamptz)
    )
    INSERT INTO payments (order_id, currency, amount_minor, created_at, updated_at)
    VALUES (${orderId}::uuid, ${currency}::"CurrencyCode", ${totalMinor}::bigint, ${at}::timestamptz, ${at}::timestamptz)`);
  await audit.record(tx, {
    action: 'order.place',
    subjectType: 'Order',
    subjectId: orderId,
    details: { number },
  });
  const { entities } = evictionOfOrder({ id: orderId, userId });
  await addJobs(tx, [
    ...evictions.jobs({ entities: { ...entities, Cart: [cartId] } }),
    { task: 'stock.confirm', payload: { orderId } },
    { task: 'payment.start', payload: { orderId } },
    firstCheck(orderId, placedAt),
    { task: 'mail.confirmation', payload: { orderId } },
    tellOfStep({ orderId, userId, from: null, to: 'PENDING_PAYMENT', at }),
  ]);
}
