import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { AuditTrail } from '@tributary/subgraph-kit';

/** What stands where a name or an address was. */
const ERASED = '—';

/**
 * Erases a person from carts and orders. What was bought stays for the accounts, with its country and region; so
 * does the address of an order that is still on its way, until it has ended. Doing it again changes nothing more.
 *
 * @param userId - uuid
 * @returns whether nothing is left to erase
 */
export const erasePerson = (prisma: PrismaClient, userId: string, audit: AuditTrail): Promise<boolean> =>
  prisma.$transaction(async (tx) => {
    const { count: carts } = await tx.cart.deleteMany({ where: { userId } });
    await tx.cartMerge.deleteMany({ where: { userId } });
    const addresses = await tx.$executeRaw(sql`
      UPDATE orders
      SET ship_to_recipient = ${ERASED}, ship_to_line1 = ${ERASED}, ship_to_line2 = NULL, ship_to_city = ${ERASED},
        ship_to_postal_code = ${ERASED}
      WHERE user_id = ${userId}::uuid AND status IN ('DELIVERED', 'CANCELLED', 'REFUNDED')
        AND (ship_to_recipient, ship_to_line1, ship_to_line2, ship_to_city, ship_to_postal_code) IS DISTINCT FROM
          (${ERASED}::text, ${ERASED}::text, NULL::text, ${ERASED}::text, ${ERASED}::text)`);
    const reasons = await tx.$executeRaw(sql`
      UPDATE order_events e SET reason = NULL
      FROM orders o
      WHERE o.id = e.order_id AND o.user_id = ${userId}::uuid AND e.actor_id = o.user_id AND e.reason IS NOT NULL`);
    if (carts + addresses + reasons > 0) {
      const details = { carts, addresses, reasons };
      await audit.record(tx, { action: 'person.erase', subjectType: 'User', subjectId: userId, details });
    }
    const unfinished = await tx.order.findFirst({
      where: { userId, status: { in: ['PENDING_PAYMENT', 'PAID', 'FULFILLED'] } },
      select: { id: true },
    });
    return unfinished === null;
  });
