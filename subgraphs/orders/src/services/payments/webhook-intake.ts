import { sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { z } from 'zod';

/** What a webhook says: a hint to ask the provider, no more. */
export interface PaymentHint {
  /** The provider's id of the event. */
  eventId: string;
  type: string;
  /** The provider's id of the payment. */
  paymentId: string;
  /** What we called the payment when we asked for it. */
  reference: string;
}

/** What became of a hint. */
export type Intake = 'taken' | 'known' | 'unknown payment';

/**
 * Takes a hint in, once: in one transaction it is remembered, and a job is added that asks the provider.
 *
 * A payment is known by the provider's id, or by our reference: the first hint may come before the answer in which
 * the provider says what it calls the payment.
 */
export const takeHint = (prisma: PrismaClient, hint: PaymentHint): Promise<Intake> =>
  prisma.$transaction(async (tx) => {
    const reference = z.uuid().safeParse(hint.reference).data ?? null;
    const [payment] = await tx.$queryRaw<{ orderId: string }[]>(sql`
      SELECT order_id AS "orderId" FROM provider_payments WHERE provider_id = ${hint.paymentId}
      UNION ALL
      SELECT order_id FROM payments WHERE provider_id IS NULL AND order_id = ${reference}::uuid`);
    if (!payment) return 'unknown payment';
    const { orderId } = payment;
    const { count } = await tx.paymentEvent.createMany({
      data: { eventId: hint.eventId, orderId, type: hint.type },
      skipDuplicates: true,
    });
    if (count === 0) return 'known';
    await addJobs(tx, [{ task: 'payment.sync', payload: { orderId }, key: `payment.sync:${orderId}` }]);
    return 'taken';
  });
