import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma, PrismaClient } from '@tributary/prisma/orders/client';
import type { AuditTrail, Evictions } from '@tributary/subgraph-kit';

/** What stands where a name or an address was. */
const ERASED = '—';

interface Row {
  /** Uuid of a cart or an order. */
  id: string;
}

const idOf = ({ id }: Row): string => id;

/** Orders and their events, where they are. */
interface Tables {
  orders: Sql;
  events: Sql;
}
const NOW: Tables = { orders: sql`orders`, events: sql`order_events` };
const ARCHIVED: Tables = { orders: sql`archive.orders`, events: sql`archive.order_events` };

const addressesIn = (tx: Prisma.TransactionClient, userId: string, { orders }: Tables) =>
  tx.$queryRaw<Row[]>(sql`
    UPDATE ${orders}
    SET ship_to_recipient = ${ERASED}, ship_to_line1 = ${ERASED}, ship_to_line2 = NULL, ship_to_city = ${ERASED},
      ship_to_postal_code = ${ERASED}
    WHERE user_id = ${userId}::uuid AND status IN ('DELIVERED', 'CANCELLED', 'REFUNDED')
      AND (ship_to_recipient, ship_to_line1, ship_to_line2, ship_to_city, ship_to_postal_code) IS DISTINCT FROM
        (${ERASED}::text, ${ERASED}::text, NULL::text, ${ERASED}::text, ${ERASED}::text)
    RETURNING id`);

const reasonsIn = (tx: Prisma.TransactionClient, userId: string, { orders, events }: Tables) =>
  tx.$queryRaw<Row[]>(sql`
    UPDATE ${events} e SET reason = NULL
    FROM ${orders} o
    WHERE o.id = e.order_id AND o.user_id = ${userId}::uuid AND e.actor_id = o.user_id AND e.reason IS NOT NULL
    RETURNING o.id`);

/**
 * Erases a person from carts and orders, also archived ones. What was bought stays for the accounts, with its country and region; so
 * does the address of an order that is still on its way, until it has ended. Doing it again changes nothing more.
 *
 * @param userId - uuid
 * @returns whether nothing is left to erase
 */
export const erasePerson = (
  prisma: PrismaClient,
  userId: string,
  audit: AuditTrail,
  evictions: Evictions,
): Promise<boolean> =>
  prisma.$transaction(async (tx) => {
    const carts = await tx.$queryRaw<Row[]>(
      sql`DELETE FROM carts WHERE user_id = ${userId}::uuid RETURNING id`,
    );
    await tx.cartMerge.deleteMany({ where: { userId } });
    // What the first two have locked is not archived before the end.
    const addresses = [...(await addressesIn(tx, userId, NOW)), ...(await addressesIn(tx, userId, ARCHIVED))];
    const reasons = [...(await reasonsIn(tx, userId, NOW)), ...(await reasonsIn(tx, userId, ARCHIVED))];
    if (carts.length + addresses.length + reasons.length > 0) {
      const details = { carts: carts.length, addresses: addresses.length, reasons: reasons.length };
      await audit.record(tx, { action: 'person.erase', subjectType: 'User', subjectId: userId, details });
      await evictions.add(tx, {
        entities: { User: [userId], Cart: carts.map(idOf), Order: [...addresses, ...reasons].map(idOf) },
      });
    }
    const unfinished = await tx.order.findFirst({
      where: { userId, status: { in: ['PENDING_PAYMENT', 'PAID', 'FULFILLED'] } },
      select: { id: true },
    });
    return unfinished === null;
  });
